/// A part of a line of text that has a known maximum length, so that the space for all parts of a
/// line is checked once.
protocol TextPart {
  /// Maximum number of bytes.
  var bound: Int { get }

  /// Writes the part, and moves the cursor to its end.
  func write(to line: inout TextCursor)
}
