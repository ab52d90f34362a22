/// Placeholder for a line that has not been looked up.
let unknownLine = Int32.min

/// The code object that an event belongs to. Valid during the event.
public struct Function: ~Copyable, ~Escapable {
  /// The function's record, which lives as long as the code object; the event's frame keeps that
  /// alive.
  let record: Pinned<FunctionRecord>

  @_lifetime(borrow record)
  init(_ record: Pinned<FunctionRecord>) { self.record = record }

  /// A function without an interpreter, to test strategies with events made by hand. Its memory is
  /// never freed.
  @_lifetime(immortal)
  public init(name: String, qualifiedName: String? = nil, file: String = "", firstLine: Int32 = 1) {
    record = FunctionRecord.make(
      name: name, qualifiedName: qualifiedName ?? name, file: file, firstLine: firstLine)
  }

  /// The bytes of one of the record's texts.
  @_lifetime(borrow self)
  private func span(_ text: PaddedText) -> Span<UInt8> { text.span(borrowing: self) }

  /// Number of the code object, from 1, unique over all sessions. Assigned at its first event.
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

  // Texts for people: escaped like in `repr()`, so that they contain no control sequence of a
  // terminal.

  /// `co_name`, escaped, without making a `String`.
  public var shownNameBytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { span(record.value.shownName) }
  }

  /// `co_qualname`, escaped. For a module's own code, the file follows: `<module> app/main.py`.
  public var labelBytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { span(record.value.label) }
  }

  /// `co_filename`, escaped, without making a `String`.
  public var shownFileBytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { span(record.value.shownFile) }
  }

  /// `co_name:co_filename`, escaped.
  public var locationBytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { span(record.value.location) }
  }

  // Escaped texts, as parts of a line.

  @inline(__always)
  var nameText: PaddedText { record.value.shownName }

  @inline(__always)
  var fileText: PaddedText { record.value.shownFile }

  @inline(__always)
  var locationText: PaddedText { record.value.location }

  /// The line that the frame is at; the frame must run this function. CPython's line table is
  /// decoded once for each instruction, then the line is cached.
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

  /// The line at which the frame is called or resumed.
  @inline(__always)
  func line(of frame: borrowing Frame, isCalled: Bool) -> Int32 {
    isCalled ? callLine(of: frame) : line(of: frame)
  }

  /// The line reported for calls of this function. `frame` must be at such a call.
  func callLine(of frame: borrowing Frame) -> Int32 {
    if let known = callLine, !canSuspend { return known }
    // A generator can start at any line, if an exception is thrown into it through another one.
    let line = line(of: frame)
    if record.value.callLine == unknownLine { record.value.callLine = line }
    return line
  }

  /// Whether the function is a generator, a coroutine or an asynchronous generator.
  private var canSuspend: Bool { record.value.canSuspend }

  /// Whether the function is a coroutine or an asynchronous generator.
  @inline(__always)
  var isAsync: Bool { record.value.isAsync }

  /// The line reported for calls of this function; nil before the first call.
  var callLine: Int32? {
    let known = record.value.callLine
    return known == unknownLine ? nil : known
  }

  /// The function's number in the recording that has its definition; 0 before `setDefined`.
  @inline(__always)
  var recordedAs: UInt32 { record.value.recordedAs }

  /// Whether a recording has the function's definition.
  @inline(__always)
  func isDefined(in recording: UInt64) -> Bool { record.value.definedIn == recording }

  /// The line of the function's calls in the recording that has its definition.
  @inline(__always)
  var recordedCallLine: Int32 { record.value.recordedCallLine }

  /// Stores that a recording has the function's definition, and its number there.
  func setDefined(in recording: UInt64, as number: UInt32, callLine: Int32) {
    record.value.definedIn = recording
    record.value.recordedAs = number
    record.value.recordedCallLine = callLine
  }

  /// Number of parameters, `*args` and `**kwargs` included.
  public var parameterCount: Int { record.value.parameterCount }

  /// The name of a parameter as UTF-8, with the stars of `*args` and `**kwargs`.
  @_lifetime(borrow self)
  public func parameterName(_ index: Int) -> Span<UInt8> {
    precondition(index >= 0 && index < parameterCount)
    return span(record.value.parameters[index].name)
  }

  /// The name of a parameter, escaped, with the stars of `*args` and `**kwargs`.
  @_lifetime(borrow self)
  public func shownParameterName(_ index: Int) -> Span<UInt8> {
    precondition(index >= 0 && index < parameterCount)
    return span(record.value.parameters[index].shownName)
  }

  /// Index of a parameter among the frame's variables.
  func parameterSlot(_ index: Int) -> Int32 {
    precondition(index >= 0 && index < parameterCount)
    return record.value.parameters[index].slot
  }
}
