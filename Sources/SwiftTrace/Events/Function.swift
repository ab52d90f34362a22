/// Stands for a line that was not asked for yet.
let unknownLine = Int32.min

/// The code object that an event belongs to. Valid during the event.
public struct Function: ~Copyable, ~Escapable {
  /// Lives as long as the code object, which the event's frame keeps alive.
  let record: Pinned<FunctionRecord>

  @_lifetime(borrow record)
  init(_ record: Pinned<FunctionRecord>) { self.record = record }

  /// A function that no interpreter knows, for trying strategies on events made by hand. Its memory
  /// is never freed.
  @_lifetime(immortal)
  public init(name: String, qualifiedName: String? = nil, file: String = "", firstLine: Int32 = 1) {
    record = FunctionRecord.make(
      name: name, qualifiedName: qualifiedName ?? name, file: file, firstLine: firstLine)
  }

  /// The bytes of a text of the record.
  @_lifetime(borrow self)
  private func span(_ text: PaddedText) -> Span<UInt8> { text.span(borrowing: self) }

  /// Number of the code object, given at its first event, from 1, over all sessions.
  public var number: UInt32 { record.value.number }

  /// `co_name`: `area`.
  public var name: String { record.value.name.string }

  /// `co_qualname`: `Shape.area`.
  public var qualifiedName: String {
    record.value.qualifiedName.string
  }

  /// `co_filename`.
  public var file: String { record.value.file.string }

  /// `co_firstlineno`, 1-based.
  public var firstLine: Int32 { record.value.firstLine }

  /// `co_flags`.
  public var flags: Int32 { record.value.flags }

  /// `co_name` as UTF-8, without making a `String`.
  public var nameBytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { span(record.value.name) }
  }

  /// `co_qualname` as UTF-8, without making a `String`.
  public var qualifiedNameBytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { span(record.value.qualifiedName) }
  }

  /// `co_filename` as UTF-8, without making a `String`.
  public var fileBytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { span(record.value.file) }
  }

  // The same for people: what a terminal could take for a command is escaped, as `repr()` does it.

  /// `co_name` as it is shown to people, without making a `String`.
  public var shownNameBytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { span(record.value.shownName) }
  }

  /// `co_qualname` as it is shown to people; of a module's own code with its file:
  /// `<module> app/main.py`.
  public var labelBytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { span(record.value.label) }
  }

  /// `co_filename` as it is shown to people, without making a `String`.
  public var shownFileBytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { span(record.value.shownFile) }
  }

  /// `co_name:co_filename` as it is shown to people.
  public var locationBytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { span(record.value.location) }
  }

  // Parts of a line for people.

  @inline(__always)
  var nameText: PaddedText { record.value.shownName }

  @inline(__always)
  var fileText: PaddedText { record.value.shownFile }

  @inline(__always)
  var locationText: PaddedText { record.value.location }

  /// The line of the frame, which runs this function. The code object's table of lines is walked
  /// once for each instruction.
  func line(of frame: borrowing Frame) -> Int32 {
    let index = frame.lastInstruction / 2
    guard frame.lastInstruction >= 0, index < record.value.instructionCount else {
      return frame.line
    }
    let lines = record.value.lines ?? record.value.makeLines()
    let known = lines[Int(index)]
    if known != unknownLine { return known }
    lines[Int(index)] = frame.line
    return lines[Int(index)]
  }

  /// The line of a frame that is called or gone on with.
  @inline(__always)
  func line(of frame: borrowing Frame, isCalled: Bool) -> Int32 {
    isCalled ? callLine(of: frame) : line(of: frame)
  }

  /// The line of the function's call events, one of which belongs to the frame.
  func callLine(of frame: borrowing Frame) -> Int32 {
    if let known = callLine, !canSuspend { return known }
    // A generator that an exception is thrown into through another one is entered anywhere.
    let line = line(of: frame)
    if record.value.callLine == unknownLine { record.value.callLine = line }
    return line
  }

  /// Whether frames of the function belong to a generator, a coroutine or an asynchronous
  /// generator.
  private var canSuspend: Bool { record.value.canSuspend }

  /// Whether frames of the function belong to a coroutine or an asynchronous generator.
  @inline(__always)
  var isAsync: Bool { record.value.isAsync }

  /// The line of the function's call events, where there has been one.
  var callLine: Int32? {
    let known = record.value.callLine
    return known == unknownLine ? nil : known
  }

  /// The number of the function in recordings; 0 before `define`.
  @inline(__always)
  var recordedAs: UInt32 { record.value.recordedAs }

  /// Whether a recording has it defined.
  @inline(__always)
  func isDefined(in recording: UInt64) -> Bool { record.value.definedIn == recording }

  /// The line of the function's call events, as the recording that has it defined says.
  @inline(__always)
  var recordedCallLine: Int32 { record.value.recordedCallLine }

  /// A recording has it defined, by a number that it keeps.
  func setDefined(in recording: UInt64, as number: UInt32, callLine: Int32) {
    record.value.definedIn = recording
    record.value.recordedAs = number
    record.value.recordedCallLine = callLine
  }

  /// Number of parameters, `*args` and `**kwargs` included.
  public var parameterCount: Int { record.value.parameterCount }

  /// A parameter's name as UTF-8, with the stars of `*args` and `**kwargs`.
  @_lifetime(borrow self)
  public func parameterName(_ index: Int) -> Span<UInt8> {
    precondition(index >= 0 && index < parameterCount)
    return span(record.value.parameters[index].name)
  }

  /// A parameter's name as it is shown to people, with the stars of `*args` and `**kwargs`.
  @_lifetime(borrow self)
  public func shownParameterName(_ index: Int) -> Span<UInt8> {
    precondition(index >= 0 && index < parameterCount)
    return span(record.value.parameters[index].shownName)
  }

  /// The place of a parameter among the frame's variables.
  func parameterSlot(_ index: Int) -> Int32 {
    precondition(index >= 0 && index < parameterCount)
    return record.value.parameters[index].slot
  }
}
