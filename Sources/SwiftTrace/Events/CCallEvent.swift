/// A C call starts, returns or raises: CPython's `c_call`, `c_return` and `c_exception`.
///
/// CPython reports C functions and methods, but not classes, partials and slot wrappers.
public struct CCallEvent: ~Copyable, ~Escapable {
  /// The step of the call.
  public enum Kind: UInt8, EventKindPart {
    /// The function is about to be called.
    case call = 10
    /// The function returned.
    case `return` = 11
    /// The function raised.
    case exception = 12
  }

  /// The step of the call.
  public let kind: Kind
  /// The Python function that makes the call.
  public let function: Function
  /// The frame that makes the call, to read its variables.
  public let frame: Frame
  /// The event's position in the run.
  public let place: EventPlace
  /// The C function; nil in an event made by hand without one.
  public let callee: Value?
  private let knownLine: Int32?

  /// Makes an event by hand, to test a strategy.
  @_lifetime(copy function, copy frame, copy callee)
  public init(
    kind: Kind, function: consuming Function, frame: consuming Frame, place: EventPlace,
    callee: consuming Value?, line: Int32? = nil
  ) {
    self.kind = kind
    self.function = function
    self.frame = frame
    self.place = place
    self.callee = callee
    knownLine = line
  }

  /// The line of the calling function, 1-based.
  public var line: Int32 { knownLine ?? function.line(of: frame) }
}
