/// The running calls of a thread, or of one greenlet in it. The outermost is the first.
public struct CallStack: Sendable {
  /// 0 for the thread's own stack; another number for each greenlet.
  public let number: UInt32
  /// The running calls. Some may be unknown: only their existence is recorded.
  public internal(set) var calls: [RunningCall] = []
  /// Number of traced frames below the first of `calls` that are not described.
  public internal(set) var unknown = 0
  /// Time during which other stacks ran, in nanoseconds.
  var paused: UInt64 = 0
  var pausedAt: UInt64 = 0
  /// Number of traced frames on the stack. C calls have no frame.
  var depth = 0

  init(number: UInt32) { self.number = number }

  /// The innermost call. The stack must not be empty.
  public var top: RunningCall {
    @inline(__always) get { calls[calls.count - 1] }
    @inline(__always) _modify { yield &calls[calls.count - 1] }
  }

  /// The caller of the innermost call; nil if it is unknown.
  public var caller: RunningCall? {
    @inline(__always) get {
      guard calls.count > 1, !calls[calls.count - 2].isUnknown else { return nil }
      return calls[calls.count - 2]
    }
  }

  /// Track of the innermost call: a number for its task, or else for its stack.
  var lane: UInt64 {
    @inline(__always) get {
      let task = top.task
      return task == 0 ? UInt64(number) : 1 << 32 | UInt64(task)
    }
  }

  /// Whether the innermost call is the outermost one of a task.
  var beginsTask: Bool {
    @inline(__always) get {
      let task = top.task
      return task != 0 && (calls.count < 2 || calls[calls.count - 2].task != task)
    }
  }

  /// Returns the time that the innermost call has taken so far.
  ///
  /// - Parameter time: current time, in nanoseconds of CLOCK_MONOTONIC.
  @inline(__always)
  public func times(at time: UInt64) -> CallTimes {
    let top = top
    let now = time &- paused
    return CallTimes(total: now &- min(now, top.entered), callees: top.callees)
  }

  /// Returns the time since the innermost call reached its current line, or nil if it has not
  /// reached a line yet.
  ///
  /// - Parameter time: current time, in nanoseconds of CLOCK_MONOTONIC.
  @inline(__always)
  public func lineTimes(at time: UInt64) -> CallTimes? {
    let top = top
    guard top.hasLine else { return nil }
    let now = time &- paused
    return CallTimes(
      total: now &- min(now, top.lineSince), callees: top.callees &- top.lineCallees)
  }
}
