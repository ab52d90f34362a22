import TraceFormat

/// The way in which a call left the stack.
public enum CallEnd: UInt8, Sendable {
  /// The function returned a value.
  case returned
  /// A generator yielded a value. It may resume.
  case yielded
  /// A coroutine waits. It may resume.
  case awaited
  /// An exception left the function.
  case unwound
  /// The end is not in the recording: the process was killed, tracing was stopped, or events are
  /// missing.
  case lost

  /// Whether the function may resume.
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
