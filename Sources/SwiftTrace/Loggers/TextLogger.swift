/// A strategy that prints a line of text for an event and does nothing else.
///
/// Static methods format the lines. If the strategy is its session's only one, the fast handlers
/// call them directly, without the strategy: see `TextLogger+Fast.swift`.
protocol TextLogger: DirectStrategy {
  /// The destination of the lines.
  var sink: TextSink { get }

  // Each method appends a line of text, with its line feed.

  /// Formats a call or a resume. `line` returns the line, which may need a lookup.
  static func appendCall(
    _ kind: CallEvent.Kind, of function: borrowing Function, line: () -> Int32,
    to text: inout LineBuffer)

  /// Formats a line that is about to run.
  static func appendLine(
    _ line: Int32, of function: borrowing Function, to text: inout LineBuffer)

  /// Formats the end or suspension of a frame. `exceptionType` is the class of the exception that
  /// leaves it.
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
