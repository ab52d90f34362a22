import TraceFormat

/// How a call left the stack.
public enum CallEnd: UInt8, Sendable {
  /// It returned a value.
  case returned
  /// A generator handed out a value. It may go on.
  case yielded
  /// A coroutine waits. It may go on.
  case awaited
  /// An exception left it.
  case unwound
  /// Its end is not in the recording: the process was killed, tracing was stopped, or events are
  /// missing.
  case lost

  /// Whether it may go on.
  public var isSuspended: Bool { self == .yielded || self == .awaited }

  @inline(__always)
  init(_ kind: EventKind) {
    self =
      switch kind {
      case .return, .cReturn: .returned
      case .yield: .yielded
      case .await: .awaited
      case .unwind, .cException: .unwound
      default: .lost
      }
  }
}
