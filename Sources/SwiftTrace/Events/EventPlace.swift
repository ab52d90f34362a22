/// Where and when in the run an event happened.
public struct EventPlace: Sendable {
  /// The thread, numbered by first event, from 0.
  public let thread: Int
  /// Of a recording of several processes: the number of the event's own; else 0.
  public let process: UInt32
  /// Traced frames on the thread's stack below this event's own: 0 for the outermost.
  public let depth: Int
  /// The stack of frames that the event is on: 0 for the thread's own, other numbers for greenlets.
  public let stack: UInt32
  /// Nanoseconds of a clock that never goes back (CLOCK_MONOTONIC); 0 where no strategy asked for
  /// time.
  public let time: UInt64

  /// Makes a place by hand, to try a strategy on. Each argument is the property of that name.
  public init(
    thread: Int = 0, process: UInt32 = 0, depth: Int = 0, stack: UInt32 = 0, time: UInt64 = 0
  ) {
    self.thread = thread
    self.process = process
    self.depth = depth
    self.stack = stack
    self.time = time
  }
}
