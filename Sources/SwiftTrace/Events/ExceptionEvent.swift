/// An exception was raised in the frame, or arrived in it from one that it called: CPython's
/// `exception`.
public struct ExceptionEvent: ~Copyable, ~Escapable {
  public let function: Function
  public let frame: Frame
  public let place: EventPlace
  /// The tuple (type, value, traceback); nil in an event made by hand.
  public let argument: Value?
  private let knownLine: Int32?

  /// Makes an event by hand, to try a strategy on.
  @_lifetime(copy function, copy frame, copy argument)
  public init(
    function: consuming Function, frame: consuming Frame, place: EventPlace,
    argument: consuming Value?, line: Int32? = nil
  ) {
    self.function = function
    self.frame = frame
    self.place = place
    self.argument = argument
    knownLine = line
  }

  /// The line at which the exception was raised, or through which it passes, 1-based.
  public var line: Int32 { knownLine ?? frame.line }

  /// The exception's class.
  public var exceptionType: Value? {
    @_lifetime(copy self)
    get { item(0) }
  }

  /// The exception itself.
  public var exception: Value? {
    @_lifetime(copy self)
    get { item(1) }
  }

  /// The traceback so far; `None` where there is none yet.
  public var traceback: Value? {
    @_lifetime(copy self)
    get { item(2) }
  }

  @_lifetime(copy self)
  private func item(_ index: Int) -> Value? {
    switch argument {
    case .none: return nil
    case .some(let argument): return argument.item(index)
    }
  }
}
