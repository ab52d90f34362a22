/// A missing part of a line.
struct NoText: TextPart {
  @inline(__always)
  var bound: Int { 0 }

  @inline(__always)
  func write(to line: inout TextCursor) {}
}
