/// A frame starts, or a suspended one continues: CPython's `call`.
public struct CallEvent: ~Copyable, ~Escapable {
  /// The reason why the frame runs.
  public enum Kind: UInt8, EventKindPart {
    /// The function is entered.
    case call = 1
    /// A generator or coroutine continues after a yield or an await.
    case resume = 2
  }

  /// The reason why the frame runs.
  public let kind: Kind
  /// The function that runs in the frame.
  public let function: Function
  /// The frame, to read its variables.
  public let frame: Frame
  /// The event's position in the run.
  public let place: EventPlace
  private let knownLine: Int32?

  /// Makes an event by hand, to test a strategy.
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

  /// The line at which the frame starts or continues, 1-based; 0 for a module.
  public var line: Int32 {
    knownLine ?? function.line(of: frame, isCalled: kind == .call)
  }
}
