/// The position of an event in the run: process, thread, stack, depth and time.
public struct EventPlace: Sendable {
  /// Number of the thread, from 0, in the order of their first events.
  public let thread: Int
  /// Number of the event's process in a recording of several processes; else 0.
  public let process: UInt32
  /// Number of traced frames on the thread's stack below the event's own; 0 for the outermost.
  public let depth: Int
  /// Number of the stack of frames: 0 for the thread's own, others for greenlets.
  public let stack: UInt32
  /// Time in nanoseconds of CLOCK_MONOTONIC, which never goes back; 0 if no strategy needs it.
  public let time: UInt64

  /// Makes a position by hand, to test a strategy. Each argument is the property of its name.
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
