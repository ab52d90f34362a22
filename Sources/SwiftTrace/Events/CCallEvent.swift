/// A function written in C is called by the frame, returns to it or raises: CPython's `c_call`,
/// `c_return` and `c_exception`.
///
/// CPython reports plain functions and methods written in C; not classes, partials and slot
/// wrappers.
public struct CCallEvent: ~Copyable, ~Escapable {
  /// What the function written in C does.
  public enum Kind: Sendable {
    /// The function is about to be called.
    case call
    /// The function returned.
    case `return`
    /// The function raised.
    case exception
  }

  /// What the function written in C does.
  public let kind: Kind
  /// The Python function that calls.
  public let function: Function
  /// The frame, to read its variables.
  public let frame: Frame
  /// Where and when in the run it happened.
  public let place: EventPlace
  /// The function written in C; nil in an event made by hand.
  public let callee: Value?
  private let knownLine: Int32?

  /// Makes an event by hand, to try a strategy on.
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
