/// A function on the stack: from its call, or from where a suspended generator goes on, up to where
/// it is left.
public struct RunningCall: Sendable {
  /// The function's number in its file; 0 of a function written in C, and of one of which only is
  /// known that it is there.
  public let function: UInt32
  /// Of a function written in C its number; else 0.
  public let cFunction: UInt32
  /// The line at which it stands; 0 where a module starts, and of a function written in C.
  public internal(set) var line: Int32
  /// The task that it belongs to, by its number in the thread, from 1; 0 for none.
  public let task: UInt32
  /// When it was entered, in nanoseconds of CLOCK_MONOTONIC; of one that is not whole, when it was
  /// first seen.
  public let enteredAt: UInt64
  /// Whether a suspended generator or coroutine went on here, and no call began.
  public let isResumed: Bool
  /// Whether its beginning is in the recording.
  public let isWhole: Bool
  /// Whether the function runs further out on the same stack too.
  public let isRecursive: Bool
  /// Nanoseconds in calls that it made and that are over, and in code that was not recorded.
  public internal(set) var callees: UInt64 = 0
  /// Nanoseconds in code that it called and that was not recorded, as far as that is known.
  public internal(set) var notRecorded: UInt64 = 0
  /// A number that the visitor may keep with it; 0 at first.
  public var tag = 0

  /// Whether code that was not recorded has called it.
  var isIndirect = false
  /// Where its exceptions come from.
  var exception = ExceptionOrigin.none
  /// Whether the time since `lineSince` belongs to a line.
  var hasLine: Bool
  /// When it was entered, and the line begun, by the clock of its stack.
  let entered: UInt64
  var lineSince: UInt64
  /// `callees` as it was then.
  var lineCallees: UInt64 = 0

  /// Whether nothing but its being there is known.
  public var isUnknown: Bool { function == 0 && cFunction == 0 }
}

/// Where the exception comes from that a frame has last had to do with.
enum ExceptionOrigin: UInt8 {
  case none
  /// A call that it made was left by an exception, of which the frame has had no event yet.
  case arriving
  case arrived
  case raised
}

/// How long a call or a line took, in nanoseconds. While its stack stood still, because another
/// greenlet ran in the thread, nothing is counted.
public struct CallTimes: Equatable, Sendable {
  /// With the calls that were made.
  public let total: UInt64
  /// Without them.
  public let own: UInt64

  @inline(__always)
  init(total: UInt64, callees: UInt64) {
    self.total = total
    own = total &- min(total, callees)
  }
}
