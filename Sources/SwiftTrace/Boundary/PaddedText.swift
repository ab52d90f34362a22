/// UTF-8 that is printed often, such as a function's name: it is copied in whole blocks, whatever
/// its length.
@safe struct PaddedText: TextPart {
  // SAFETY: as many whole blocks as `bytes` reaches into, and one at least, all initialized.
  // Whoever made it keeps it until `free`.
  private let bytes: UnsafeBufferPointer<UInt8>

  private typealias Block = SIMD64<UInt8>

  /// Copies bytes. The result is freed by `free`.
  init(copying bytes: [UInt8]) {
    let size = MemoryLayout<Block>.size
    let blocks = max(1, (bytes.count + size - 1) / size)
    let storage = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: blocks * size)
    unsafe storage.initialize(repeating: 0)
    _ = unsafe storage.update(fromContentsOf: bytes)
    unsafe self.bytes = UnsafeBufferPointer(rebasing: storage[..<bytes.count])
  }

  func free() { unsafe bytes.deallocate() }

  /// Frees it, unless it is the other one.
  func free(unless other: PaddedText) {
    if unsafe bytes.baseAddress != other.bytes.baseAddress { free() }
  }

  /// Another text; this one if they are equal. To be freed by `free(unless:)`.
  func replaced(by text: [UInt8]) -> PaddedText {
    unsafe bytes.elementsEqual(text) ? self : PaddedText(copying: text)
  }

  /// The bytes, as a part of the value that keeps the text.
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
    // A block reaches less than its size behind the text: into the slack at most.
    repeat {
      let block = unsafe source.loadUnaligned(fromByteOffset: offset, as: Block.self)
      line.store(block, at: offset)
      offset &+= MemoryLayout<Block>.size
    } while offset < bound
    line.advance(by: bound)
  }
}
