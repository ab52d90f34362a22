/// A function on the stack, from its call or resume until it is left.
public struct RunningCall: Sendable {
  /// The function's number in its file; 0 for a C function, and for an unknown function.
  public let function: UInt32
  /// Number of a C function; else 0.
  public let cFunction: UInt32
  /// The current line; 0 at the start of a module, and for a C function.
  public internal(set) var line: Int32
  /// The task of the call, by its number in the thread, from 1; 0 for none.
  public let task: UInt32
  /// Time of the call or resume, in nanoseconds of CLOCK_MONOTONIC. Time of the first event if the
  /// call is not whole.
  public let enteredAt: UInt64
  /// Whether the call continues a suspended generator or coroutine.
  public let isResumed: Bool
  /// Whether the beginning of the call is in the recording.
  public let isWhole: Bool
  /// Whether the function has an outer call on the same stack.
  public let isRecursive: Bool
  /// Nanoseconds in completed calls that it made, and in code that was not recorded.
  public internal(set) var callees: UInt64 = 0
  /// Nanoseconds in code that it called and that was not recorded, as far as known.
  public internal(set) var notRecorded: UInt64 = 0
  /// A number for the visitor's own use; 0 at first.
  public var tag = 0

  /// Whether it was called by code that was not recorded.
  var isIndirect = false
  /// Origin of the exception that the function handled or raised last.
  var exception = ExceptionOrigin.none
  /// Whether the time since `lineSince` belongs to a line.
  var hasLine: Bool
  /// Times of the call or resume, and of the start of the current line, in nanoseconds without
  /// those in which other stacks ran.
  let entered: UInt64
  var lineSince: UInt64
  /// Value of `callees` at the start of the current line.
  var lineCallees: UInt64 = 0

  /// Whether only the existence of the call is known.
  public var isUnknown: Bool { function == 0 && cFunction == 0 }
}

/// Origin of the last exception in a frame.
enum ExceptionOrigin: UInt8 {
  case none
  /// An exception left a call that the frame made; the frame has had no event for it yet.
  case arriving
  case arrived
  case raised
}

/// Time of a call or a line, in nanoseconds, without the time during which another greenlet ran in
/// the thread.
public struct CallTimes: Equatable, Sendable {
  /// Time including the calls that were made.
  public let total: UInt64
  /// Time without the calls that were made.
  public let own: UInt64

  @inline(__always)
  init(total: UInt64, callees: UInt64) {
    self.total = total
    own = total &- min(total, callees)
  }
}
