/// A line of code is about to run (CPython's `line`), or one instruction (`opcode`).
public struct LineEvent: ~Copyable, ~Escapable {
  /// The unit of code that is about to run.
  public enum Kind: UInt8, EventKindPart {
    /// A new line.
    case line = 3
    /// An instruction, in a frame that has `f_trace_opcodes` set.
    case opcode = 9
  }

  /// The unit of code that is about to run.
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
    kind: Kind = .line, function: consuming Function, frame: consuming Frame, place: EventPlace,
    line: Int32? = nil
  ) {
    self.kind = kind
    self.function = function
    self.frame = frame
    self.place = place
    knownLine = line
  }

  /// The line, 1-based.
  public var line: Int32 { knownLine ?? frame.line }
}
