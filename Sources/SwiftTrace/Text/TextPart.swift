/// A part of a line of text that says how long it is at most, so that the room for all parts of a line is
/// looked for once.
protocol TextPart {
  /// The most bytes that it has.
  var bound: Int { get }

  /// Writes itself, and moves the place behind it.
  ///
  /// There is room for `bound` bytes and for `LineBuffer.slack` more, which may be written to as well.
  @unsafe func write(to place: inout UnsafeMutablePointer<UInt8>)
}

/// Nothing, where a line has fewer parts.
struct NoText: TextPart {
  @inline(__always)
  var bound: Int { 0 }

  @inline(__always)
  @unsafe func write(to place: inout UnsafeMutablePointer<UInt8>) {}
}

extension StaticString {
  /// Writes itself, and moves the place behind it.
  @inline(__always)
  @unsafe func write(to place: inout UnsafeMutablePointer<UInt8>) {
    unsafe UnsafeMutableRawPointer(place).copyMemory(from: utf8Start, byteCount: utf8CodeUnitCount)
    unsafe place += utf8CodeUnitCount
  }
}
