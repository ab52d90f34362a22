/// The functions that are running in a thread, the outermost first. Greenlets have stacks of their own.
public struct CallStack: Sendable {
  /// 0 for the thread's own stack, and another number for each greenlet.
  public let number: UInt32
  /// What is running. Some may be unknown: only that they are there.
  public internal(set) var calls: [RunningCall] = []
  /// Traced frames below the first of `calls`, of which nothing is known.
  public internal(set) var unknown = 0
  /// Nanoseconds in which other stacks ran.
  var paused: UInt64 = 0
  var pausedAt: UInt64 = 0
  /// Traced frames on the stack: those of functions written in C have none.
  var depth = 0

  init(number: UInt32) { self.number = number }

  /// The innermost. There must be one.
  public var top: RunningCall {
    @inline(__always) get { calls[calls.count - 1] }
    @inline(__always) _modify { yield &calls[calls.count - 1] }
  }

  /// The one that called the innermost; nil where it is not known.
  public var caller: RunningCall? {
    @inline(__always) get {
      guard calls.count > 1, !calls[calls.count - 2].isUnknown else { return nil }
      return calls[calls.count - 2]
    }
  }

  /// What the innermost belongs to: a number that its task has, or else its stack.
  var lane: UInt64 {
    @inline(__always) get {
      let task = top.task
      return task == 0 ? UInt64(number) : 1 << 32 | UInt64(task)
    }
  }

  /// Whether the innermost is the outermost function of a task.
  var beginsTask: Bool {
    @inline(__always) get {
      let task = top.task
      return task != 0 && (calls.count < 2 || calls[calls.count - 2].task != task)
    }
  }

  /// How long the innermost has been running.
  ///
  /// - Parameter time: now, in nanoseconds of CLOCK_MONOTONIC.
  @inline(__always)
  public func times(at time: UInt64) -> CallTimes {
    let top = top
    let now = time &- paused
    return CallTimes(total: now &- min(now, top.entered), callees: top.callees)
  }

  /// How long the innermost has been at its line, since it came there last; nil where it has come to
  /// no line yet.
  ///
  /// - Parameter time: now, in nanoseconds of CLOCK_MONOTONIC.
  @inline(__always)
  public func lineTimes(at time: UInt64) -> CallTimes? {
    let top = top
    guard top.hasLine else { return nil }
    let now = time &- paused
    return CallTimes(
      total: now &- min(now, top.lineSince), callees: top.callees &- top.lineCallees)
  }
}
