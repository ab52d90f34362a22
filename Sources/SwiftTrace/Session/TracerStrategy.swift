/// Consumes the events of a traced program.
///
/// A strategy declares in `interests` which events it needs, and implements the methods for those.
/// The methods are called with the GIL held, one at a time, on the thread of the event. The
/// contents of an event are valid during the call; code that keeps them does not compile. An error
/// that a method throws is reported once on standard error and ends the tracing, never the program.
public protocol TracerStrategy {
  /// The events for which the methods are called.
  var interests: EventSet { get }

  /// Whether events have the time (default: no). Reading the clock costs about as much as an event.
  var needsTime: Bool { get }

  /// A frame starts, or a suspended one continues.
  mutating func call(_ event: borrowing CallEvent) throws

  /// A line, or an instruction, is about to run.
  mutating func line(_ event: borrowing LineEvent) throws

  /// A frame ends, or is suspended.
  mutating func `return`(_ event: borrowing ReturnEvent) throws

  /// An exception was raised in a frame, or propagated into it.
  mutating func exception(_ event: borrowing ExceptionEvent) throws

  /// A C call starts, returns or raises.
  mutating func cCall(_ event: borrowing CCallEvent) throws

  /// Writes buffered data, because the process is about to fork. Also called by `finish` by
  /// default.
  mutating func flush() throws

  /// Called after the last event of a thread, which has ended.
  ///
  /// - Parameter thread: number of the thread, as in `EventPlace`.
  mutating func threadEnded(_ thread: Int) throws

  /// Called in the child of a fork, which has only this thread. The method must not use Python, and
  /// must leave alone what belongs to the parent, such as a file that the parent continues to
  /// write.
  mutating func forked()

  /// Called once when tracing has ended, also after an error, to write the remaining data.
  mutating func finish() throws
}

extension TracerStrategy {
  public var needsTime: Bool { false }
  public mutating func call(_ event: borrowing CallEvent) throws {}
  public mutating func line(_ event: borrowing LineEvent) throws {}
  public mutating func `return`(_ event: borrowing ReturnEvent) throws {}
  public mutating func exception(_ event: borrowing ExceptionEvent) throws {}
  public mutating func cCall(_ event: borrowing CCallEvent) throws {}
  public mutating func flush() throws {}
  public mutating func threadEnded(_ thread: Int) throws {}
  public mutating func forked() {}
  public mutating func finish() throws { try flush() }
}
