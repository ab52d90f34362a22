/// A strategy that prints a line of text for an event and does nothing else.
///
/// What the line is, a static method says. So a session whose one strategy it is has the line formatted
/// where the event arrives, without the strategy: see `TextHandlers`.
protocol TextLogger: TracerStrategy {
  /// Where the lines are printed.
  var sink: TextSink { get }

  /// How the events get straight to the methods below, for a session of this strategy alone.
  static var handlers: TextHandlers { get }

  /// Adds the line of a call or a resumption, with its line feed.
  static func append(_ event: borrowing CallEvent, to text: inout LineBuffer)

  /// Adds the line of a line.
  static func append(_ event: borrowing LineEvent, to text: inout LineBuffer)

  /// Adds the line of a frame that is left or suspended.
  static func append(_ event: borrowing ReturnEvent, to text: inout LineBuffer)
}

extension TextLogger {
  static func append(_ event: borrowing CallEvent, to text: inout LineBuffer) {}
  static func append(_ event: borrowing LineEvent, to text: inout LineBuffer) {}
  static func append(_ event: borrowing ReturnEvent, to text: inout LineBuffer) {}

  public mutating func call(_ event: borrowing CallEvent) throws {
    try sink.writeText { Self.append(event, to: &$0) }
  }

  public mutating func line(_ event: borrowing LineEvent) throws {
    try sink.writeText { Self.append(event, to: &$0) }
  }

  public mutating func `return`(_ event: borrowing ReturnEvent) throws {
    try sink.writeText { Self.append(event, to: &$0) }
  }

  public mutating func flush() throws { try sink.flush() }
}
