/// Stands for a line that was not asked for yet.
let unknownLine = Int32.min

/// The code object that an event belongs to. Valid during the event.
@safe public struct Function: ~Copyable, ~Escapable {
  // SAFETY: the record lives as long as the code object, which the event's frame keeps alive.
  let record: UnsafePointer<FunctionRecord>

  @_lifetime(borrow record)
  init(_ record: UnsafePointer<FunctionRecord>) { unsafe self.record = record }

  /// A function that no interpreter knows, for trying strategies on events made by hand. Its memory
  /// is never freed.
  @_lifetime(immortal)
  public init(name: String, qualifiedName: String? = nil, file: String = "", firstLine: Int32 = 1) {
    unsafe record = UnsafePointer(
      FunctionRecord.make(
        name: name, qualifiedName: qualifiedName ?? name, file: file, firstLine: firstLine))
  }

  /// Number of the code object, given at its first event, from 1, over all sessions.
  public var number: UInt32 { unsafe record.pointee.number }

  /// `co_name`: `area`.
  public var name: String { unsafe String(decoding: record.pointee.name.bytes, as: UTF8.self) }

  /// `co_qualname`: `Shape.area`.
  public var qualifiedName: String {
    unsafe String(decoding: record.pointee.qualifiedName.bytes, as: UTF8.self)
  }

  /// `co_filename`.
  public var file: String { unsafe String(decoding: record.pointee.file.bytes, as: UTF8.self) }

  /// `co_firstlineno`, 1-based.
  public var firstLine: Int32 { unsafe record.pointee.firstLine }

  /// `co_flags`.
  public var flags: Int32 { unsafe record.pointee.flags }

  /// `co_name` as UTF-8, without making a `String`.
  public var nameBytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { unsafe _overrideLifetime(record.pointee.name.bytes.span, borrowing: self) }
  }

  /// `co_qualname` as UTF-8, without making a `String`.
  public var qualifiedNameBytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { unsafe _overrideLifetime(record.pointee.qualifiedName.bytes.span, borrowing: self) }
  }

  /// `co_filename` as UTF-8, without making a `String`.
  public var fileBytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { unsafe _overrideLifetime(record.pointee.file.bytes.span, borrowing: self) }
  }

  // The same for people: what a terminal could take for a command is escaped, as `repr()` does it.

  /// `co_name` as it is shown to people, without making a `String`.
  public var shownNameBytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { unsafe _overrideLifetime(record.pointee.shownName.bytes.span, borrowing: self) }
  }

  /// `co_qualname` as it is shown to people; of a module's own code with its file:
  /// `<module> app/main.py`.
  public var labelBytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { unsafe _overrideLifetime(record.pointee.label.bytes.span, borrowing: self) }
  }

  /// `co_filename` as it is shown to people, without making a `String`.
  public var shownFileBytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { unsafe _overrideLifetime(record.pointee.shownFile.bytes.span, borrowing: self) }
  }

  /// `co_name:co_filename` as it is shown to people.
  public var locationBytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { unsafe _overrideLifetime(record.pointee.location.bytes.span, borrowing: self) }
  }

  // Parts of a line for people.

  @inline(__always)
  var nameText: PaddedText { unsafe record.pointee.shownName }

  @inline(__always)
  var fileText: PaddedText { unsafe record.pointee.shownFile }

  @inline(__always)
  var locationText: PaddedText { unsafe record.pointee.location }

  /// The line of the frame, which runs this function. The code object's table of lines is walked
  /// once for each instruction.
  func line(of frame: borrowing Frame) -> Int32 {
    let index = frame.lastInstruction / 2
    guard frame.lastInstruction >= 0, unsafe index < record.pointee.instructionCount else {
      return frame.line
    }
    // SAFETY: one entry for each instruction; the GIL keeps others away.
    let record = unsafe UnsafeMutablePointer(mutating: record)
    let lines = unsafe record.pointee.lines ?? FunctionRecord.makeLines(record)
    let known = unsafe lines[Int(index)]
    if known != unknownLine { return known }
    unsafe lines[Int(index)] = frame.line
    return unsafe lines[Int(index)]
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
    let record = unsafe UnsafeMutablePointer(mutating: record)
    if unsafe record.pointee.callLine == unknownLine { unsafe record.pointee.callLine = line }
    return line
  }

  /// Whether frames of the function belong to a generator, a coroutine or an asynchronous
  /// generator.
  private var canSuspend: Bool { unsafe record.pointee.canSuspend }

  /// Whether frames of the function belong to a coroutine or an asynchronous generator.
  @inline(__always)
  var isAsync: Bool { unsafe record.pointee.isAsync }

  /// The line of the function's call events, where there has been one.
  var callLine: Int32? {
    let known = unsafe record.pointee.callLine
    return known == unknownLine ? nil : known
  }

  /// The number of the function in recordings; 0 before `define`.
  @inline(__always)
  var recordedAs: UInt32 { unsafe record.pointee.recordedAs }

  /// Whether a recording has it defined.
  @inline(__always)
  func isDefined(in recording: UInt64) -> Bool { unsafe record.pointee.definedIn == recording }

  /// The line of the function's call events, as the recording that has it defined says.
  @inline(__always)
  var recordedCallLine: Int32 { unsafe record.pointee.recordedCallLine }

  /// A recording has it defined, by a number that it keeps.
  func setDefined(in recording: UInt64, as number: UInt32, callLine: Int32) {
    let record = unsafe UnsafeMutablePointer(mutating: record)
    unsafe record.pointee.definedIn = recording
    unsafe record.pointee.recordedAs = number
    unsafe record.pointee.recordedCallLine = callLine
  }

  /// Number of parameters, `*args` and `**kwargs` included.
  public var parameterCount: Int { unsafe record.pointee.parameters.count }

  /// A parameter's name as UTF-8, with the stars of `*args` and `**kwargs`.
  @_lifetime(borrow self)
  public func parameterName(_ index: Int) -> Span<UInt8> {
    precondition(index >= 0 && index < parameterCount)
    return unsafe _overrideLifetime(
      record.pointee.parameters[index].name.bytes.span, borrowing: self)
  }

  /// A parameter's name as it is shown to people, with the stars of `*args` and `**kwargs`.
  @_lifetime(borrow self)
  public func shownParameterName(_ index: Int) -> Span<UInt8> {
    precondition(index >= 0 && index < parameterCount)
    return unsafe _overrideLifetime(
      record.pointee.parameters[index].shownName.bytes.span, borrowing: self)
  }

  /// The place of a parameter among the frame's variables.
  func parameterSlot(_ index: Int) -> Int32 {
    precondition(index >= 0 && index < parameterCount)
    return unsafe record.pointee.parameters[index].slot
  }
}
