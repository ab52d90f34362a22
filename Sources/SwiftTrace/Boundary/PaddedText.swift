/// UTF-8 text that is printed often, such as a function's name. It is stored in whole blocks, and
/// copied block by block whatever its length.
@safe struct PaddedText: TextPart {
  // SAFETY: the allocation has whole blocks, at least one, that contain `bytes`; all of it is
  // initialized. The creator keeps it until `free`.
  private let bytes: UnsafeBufferPointer<UInt8>

  private typealias Block = SIMD64<UInt8>

  /// Copies bytes. `free` frees the copy.
  init(copying bytes: [UInt8]) {
    let size = MemoryLayout<Block>.size
    let blocks = max(1, (bytes.count + size - 1) / size)
    let storage = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: blocks * size)
    unsafe storage.initialize(repeating: 0)
    _ = unsafe storage.update(fromContentsOf: bytes)
    unsafe self.bytes = UnsafeBufferPointer(rebasing: storage[..<bytes.count])
  }

  func free() { unsafe bytes.deallocate() }

  /// Frees the text, unless it shares the memory of the other one.
  func free(unless other: PaddedText) {
    if unsafe bytes.baseAddress != other.bytes.baseAddress { free() }
  }

  /// Returns this text if it is equal to the bytes, else a copy of them. `free(unless:)` frees
  /// that.
  func replaced(by text: [UInt8]) -> PaddedText {
    unsafe bytes.elementsEqual(text) ? self : PaddedText(copying: text)
  }

  /// The bytes, with the lifetime of the value that keeps the text.
  @_lifetime(borrow owner)
  func span<Owner: ~Copyable & ~Escapable>(borrowing owner: borrowing Owner) -> Span<UInt8> {
    unsafe _overrideLifetime(bytes.span, borrowing: owner)
  }

  var string: String { unsafe String(decoding: bytes, as: UTF8.self) }

  @inline(__always)
  var bound: Int { unsafe bytes.count }

  @inline(__always)
  func write(to line: inout TextCursor) {
    let source = unsafe UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped)
    var offset = 0
    // A block extends less than its size beyond the end of the text, so it stays within the slack.
    repeat {
      let block = unsafe source.loadUnaligned(fromByteOffset: offset, as: Block.self)
      line.store(block, at: offset)
      offset &+= MemoryLayout<Block>.size
    } while offset < bound
    line.advance(by: bound)
  }
}
