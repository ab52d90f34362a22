/// An exception was raised in the frame, or propagated into it from one that it called: CPython's
/// `exception`.
public struct ExceptionEvent: ~Copyable, ~Escapable {
  /// The function that runs in the frame.
  public let function: Function
  /// The frame, to read its variables.
  public let frame: Frame
  /// The event's position in the run.
  public let place: EventPlace
  /// The exception's class; nil in an event made by hand without one.
  public let exceptionType: Value?
  /// The exception itself; nil in an event made by hand.
  public let exception: Value?
  /// The traceback so far; nil in an event made by hand.
  public let traceback: Value?
  /// The message in a recording that has kept it; else nil.
  let recordedMessage: Value?
  private let knownLine: Int32?

  /// Makes an event by hand, to test a strategy.
  @_lifetime(
    copy function, copy frame, copy exceptionType, copy exception, copy traceback, copy message)
  public init(
    function: consuming Function, frame: consuming Frame, place: EventPlace,
    exceptionType: consuming Value?, exception: consuming Value? = nil,
    traceback: consuming Value? = nil, message: consuming Value? = nil, line: Int32? = nil
  ) {
    self.function = function
    self.frame = frame
    self.place = place
    self.exceptionType = exceptionType
    self.exception = exception
    self.traceback = traceback
    recordedMessage = message
    knownLine = line
  }

  /// The line that raised the exception, or that called the frame it comes from, 1-based.
  public var line: Int32 { knownLine ?? function.line(of: frame) }
}
