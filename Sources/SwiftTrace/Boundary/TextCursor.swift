/// The end of a line that is being written.
///
/// There is space for the `bound` of the part that has the cursor, and for `LineBuffer.slack` more
/// bytes, which the part may overwrite too.
@safe struct TextCursor {
  // SAFETY: points into the storage of a `LineBuffer`, which creates the cursor after it has
  // checked the space.
  fileprivate(set) var place: UnsafeMutablePointer<UInt8>

  @unsafe @inline(__always)
  init(_ place: UnsafeMutablePointer<UInt8>) { unsafe self.place = place }

  /// Stores a word at an offset from the cursor, in bytes.
  @inline(__always)
  func store<Word: BitwiseCopyable>(_ word: Word, at offset: Int = 0) {
    unsafe UnsafeMutableRawPointer(place).storeBytes(of: word, toByteOffset: offset, as: Word.self)
  }

  /// Moves the cursor by a number of bytes.
  @inline(__always)
  mutating func advance(by count: Int) { unsafe place += count }

  @inline(__always)
  mutating func append(_ text: StaticString) {
    unsafe UnsafeMutableRawPointer(place).copyMemory(
      from: text.utf8Start, byteCount: text.utf8CodeUnitCount)
    advance(by: text.utf8CodeUnitCount)
  }
}
