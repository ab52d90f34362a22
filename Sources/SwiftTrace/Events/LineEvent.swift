/// A new line of code is about to run: CPython's `line`. Or one instruction: CPython's `opcode`.
public struct LineEvent: ~Copyable, ~Escapable {
  /// What is about to run.
  public enum Kind: Sendable {
    /// A new line.
    case line
    /// An instruction, in a frame that has `f_trace_opcodes` set.
    case opcode
  }

  /// What is about to run.
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
