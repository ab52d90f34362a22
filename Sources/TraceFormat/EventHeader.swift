/// Function, line, depth, stack and time of an event.
public struct EventHeader: Equatable, Sendable {
  /// Number of the code object, from 1.
  public var function: UInt32
  /// 1-based; 0 for a module's call.
  public var line: Int32
  /// Number of traced frames below the event's own.
  public var depth: Int32
  /// Stack of frames: 0, or the number of a greenlet's stack.
  public var stack: UInt32
  /// Time of the event, in nanoseconds of CLOCK_MONOTONIC.
  public var time: UInt64

  /// Creates a header. Each argument is the property of that name.
  @inline(__always)
  public init(function: UInt32, line: Int32, depth: Int32, stack: UInt32 = 0, time: UInt64) {
    self.function = function
    self.line = line
    self.depth = depth
    self.stack = stack
    self.time = time
  }
}
