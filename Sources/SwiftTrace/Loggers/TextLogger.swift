/// A strategy that prints a line of text for an event and does nothing else.
///
/// Static methods format the lines, so that a session whose one strategy it is can format them
/// where the event arrives, without the strategy: see `TextLogger+Fast.swift`.
protocol TextLogger: DirectStrategy {
  /// The output of the lines.
  var sink: TextSink { get }

  // Each adds a line of text, with its line feed.

  /// A call or a resumption. `line` gives the line, which may have to be looked up.
  static func appendCall(
    _ kind: CallEvent.Kind, of function: borrowing Function, line: () -> Int32,
    to text: inout LineBuffer)

  /// A line that is about to run.
  static func appendLine(
    _ line: Int32, of function: borrowing Function, to text: inout LineBuffer)

  /// A frame that is left or suspended. `exceptionType` is the class of the exception that leaves
  /// it.
  static func appendLeave(
    _ kind: ReturnEvent.Kind, of function: borrowing Function, value: borrowing Value?,
    exceptionType: borrowing Value?, to text: inout LineBuffer)
}

extension TextLogger {
  func prepare(_ thread: inout ThreadState) { thread.text = sink.target }

  static func appendCall(
    _ kind: CallEvent.Kind, of function: borrowing Function, line: () -> Int32,
    to text: inout LineBuffer
  ) {}

  static func appendLine(
    _ line: Int32, of function: borrowing Function, to text: inout LineBuffer
  ) {}

  static func appendLeave(
    _ kind: ReturnEvent.Kind, of function: borrowing Function, value: borrowing Value?,
    exceptionType: borrowing Value?, to text: inout LineBuffer
  ) {}

  public mutating func call(_ event: borrowing CallEvent) throws {
    try sink.writeText {
      Self.appendCall(event.kind, of: event.function, line: { event.line }, to: &$0)
    }
  }

  public mutating func line(_ event: borrowing LineEvent) throws {
    try sink.writeText { Self.appendLine(event.line, of: event.function, to: &$0) }
  }

  public mutating func `return`(_ event: borrowing ReturnEvent) throws {
    try sink.writeText {
      Self.appendLeave(
        event.kind, of: event.function, value: event.value, exceptionType: event.exceptionType,
        to: &$0)
    }
  }

  public mutating func flush() throws { try sink.flush() }
}
