/// A part of a line of text that has a known greatest length, so that the room for all parts of a
/// line is checked once.
protocol TextPart {
  /// The most bytes that it has.
  var bound: Int { get }

  /// Writes itself.
  func write(to line: inout TextCursor)
}
