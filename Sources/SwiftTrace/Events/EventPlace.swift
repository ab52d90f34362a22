/// Where and when in the run an event happened.
public struct EventPlace: Sendable {
  /// The thread, numbered by first event, from 0.
  public let thread: Int
  /// Traced frames on the thread's stack below this event's own: 0 for the outermost.
  public let depth: Int
  /// Nanoseconds of a clock that never goes back; 0 where no strategy asked for time.
  public let time: UInt64

  public init(thread: Int = 0, depth: Int = 0, time: UInt64 = 0) {
    self.thread = thread
    self.depth = depth
    self.time = time
  }
}
