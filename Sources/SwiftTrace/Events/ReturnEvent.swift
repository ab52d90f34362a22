import TraceFormat

/// A frame ends or is suspended. CPython calls all four cases `return`.
public struct ReturnEvent: ~Copyable, ~Escapable {
  /// The way in which the frame is left.
  public enum Kind: UInt8, EventKindPart {
    /// The function ends with a value.
    case `return` = 4
    /// A generator yields a value and is suspended.
    case yield = 5
    /// A coroutine waits and is suspended.
    case await = 6
    /// An exception leaves the frame; there is no value.
    case unwind = 7
  }

  /// The way in which the frame is left.
  public let kind: Kind
  /// The function that runs in the frame.
  public let function: Function
  /// The frame, to read its variables.
  public let frame: Frame
  /// The event's position in the run.
  public let place: EventPlace
  /// The value that is returned, yielded or awaited; nil if an exception leaves the frame.
  public let value: Value?
  /// The class of the exception that leaves the frame; nil for other kinds.
  public let exceptionType: Value?
  /// Nanoseconds since the frame was entered or resumed; 0 if no strategy needs the time.
  public let duration: UInt64
  /// Whether the start of the frame was not seen; `duration` is then a lower bound.
  public let isPartial: Bool
  private let knownLine: Int32?

  /// Makes an event by hand, to test a strategy.
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

  /// The line at which the frame is left, 1-based.
  public var line: Int32 { knownLine ?? function.line(of: frame) }
}

extension EventKind {
  /// The kind of an event that leaves a frame. A switch, because the compiler does not inline an
  /// initializer of twelve raw values, and this is on the fast path.
  @inline(__always)
  package init(_ kind: ReturnEvent.Kind) {
    self =
      switch kind {
      case .return: .return
      case .yield: .yield
      case .await: .await
      case .unwind: .unwind
      }
  }
}
