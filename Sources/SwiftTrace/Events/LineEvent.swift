/// A new line of code is about to run: CPython's `line`.
public struct LineEvent: ~Copyable, ~Escapable {
  public let function: Function
  public let frame: Frame
  public let place: EventPlace
  /// The line, 1-based.
  public let line: Int32

  /// Makes an event by hand, to try a strategy on.
  @_lifetime(copy function, copy frame)
  public init(function: consuming Function, frame: consuming Frame, place: EventPlace, line: Int32)
  {
    self.function = function
    self.frame = frame
    self.place = place
    self.line = line
  }
}
