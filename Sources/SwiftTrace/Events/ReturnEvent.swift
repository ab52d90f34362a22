/// A frame ends, or is suspended: what CPython calls `return` in all four cases.
public struct ReturnEvent: ~Copyable, ~Escapable {
  /// How the frame is left.
  public enum Kind: Sendable {
    /// The function is done and has a value.
    case `return`
    /// A generator hands out a value and is suspended.
    case yield
    /// A coroutine waits for something and is suspended.
    case await
    /// The frame is left by an exception: there is no value.
    case unwind
  }

  /// How the frame is left.
  public let kind: Kind
  /// The function that runs in the frame.
  public let function: Function
  /// The frame, to read its variables.
  public let frame: Frame
  /// Where and when in the run it happened.
  public let place: EventPlace
  /// The value that is returned or yielded; nil when the frame is left by an exception.
  public let value: Value?
  /// The class of the exception by which the frame is left; nil otherwise.
  public let exceptionType: Value?
  /// Nanoseconds since the frame was entered or resumed, where the strategy asked for time.
  public let duration: UInt64
  /// Whether the frame's beginning was not seen: `duration` is a lower bound then.
  public let isPartial: Bool
  private let knownLine: Int32?

  /// Makes an event by hand, to try a strategy on.
  @_lifetime(copy function, copy frame, copy value, copy exceptionType)
  public init(
    kind: Kind, function: consuming Function, frame: consuming Frame, place: EventPlace,
    value: consuming Value?, exceptionType: consuming Value? = nil, duration: UInt64 = 0,
    isPartial: Bool = false, line: Int32? = nil
  ) {
    self.kind = kind
    self.function = function
    self.frame = frame
    self.place = place
    self.value = value
    self.exceptionType = exceptionType
    self.duration = duration
    self.isPartial = isPartial
    knownLine = line
  }

  /// The line that is left, 1-based.
  public var line: Int32 { knownLine ?? function.line(of: frame) }
}
