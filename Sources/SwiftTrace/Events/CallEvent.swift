/// A frame starts to run, or a suspended one goes on: CPython's `call`.
public struct CallEvent: ~Copyable, ~Escapable {
  /// How the frame comes to run.
  public enum Kind: Sendable {
    /// The function is entered.
    case call
    /// A generator or coroutine goes on after a yield or an await.
    case resume
  }

  /// How the frame comes to run.
  public let kind: Kind
  /// The function that runs in the frame.
  public let function: Function
  /// The frame, to read its variables.
  public let frame: Frame
  /// Where and when in the run it happened.
  public let place: EventPlace
  private let knownLine: Int32?

  /// Makes an event by hand, to try a strategy on.
  @_lifetime(copy function, copy frame)
  public init(
    kind: Kind, function: consuming Function, frame: consuming Frame, place: EventPlace,
    line: Int32? = nil
  ) {
    self.kind = kind
    self.function = function
    self.frame = frame
    self.place = place
    knownLine = line
  }

  /// The line that is entered or gone on with, 1-based; 0 for a module.
  public var line: Int32 {
    knownLine ?? function.line(of: frame, isCalled: kind == .call)
  }
}
