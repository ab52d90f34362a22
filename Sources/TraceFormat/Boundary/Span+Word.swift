extension Span where Element == UInt8 {
  /// Returns eight bytes as a little-endian number. Bytes beyond the end count as zero.
  @inline(__always)
  func word(at position: Int) -> UInt64 {
    if position >= 0, position <= count - 8 {
      // SAFETY: the eight bytes are in the span, by the condition above.
      return unsafe withUnsafeBytes {
        unsafe UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      }
    }
    var word: UInt64 = 0
    for index in 0..<Swift.min(8, Swift.max(0, count - position)) {
      word |= UInt64(self[position + index]) << (UInt64(index) * 8)
    }
    return word
  }
}
