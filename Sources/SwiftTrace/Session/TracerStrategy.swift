/// Consumes the events of a traced program.
///
/// A strategy says in `interests` which events it needs, and writes the methods for those. The
/// methods are called with the GIL held, one at a time, on the thread of the event. What an event
/// carries is valid during the call; the compiler refuses to keep it. An error that a method throws
/// is told once on standard error and ends the tracing, never the program.
public protocol TracerStrategy {
  /// The events that the methods are to be called for.
  var interests: EventSet { get }

  /// Whether events are to carry the time. Reading the clock costs about as much as an event.
  var needsTime: Bool { get }

  /// A frame starts, or a suspended one goes on.
  mutating func call(_ event: borrowing CallEvent) throws

  /// A line, or an instruction, is about to run.
  mutating func line(_ event: borrowing LineEvent) throws

  /// A frame ends, or is suspended.
  mutating func `return`(_ event: borrowing ReturnEvent) throws

  /// An exception was raised in a frame, or arrived in it.
  mutating func exception(_ event: borrowing ExceptionEvent) throws

  /// A function written in C is called, returns or raises.
  mutating func cCall(_ event: borrowing CCallEvent) throws

  /// Write out what is held back: the process is about to fork.
  mutating func flush() throws

  /// A thread is over, and has no more events.
  ///
  /// - Parameter thread: its number, as `EventPlace` has it.
  mutating func threadEnded(_ thread: Int) throws

  /// The process is the child of a fork, in which only this thread goes on. Nothing of Python may
  /// be used; what belongs to the parent, such as a file that it goes on writing to, is to be left
  /// alone.
  mutating func forked()

  /// Tracing is over: write out what is left. Called once, also after an error.
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
