/// UTF-8 that is printed often, such as a function's name: it is copied in whole blocks, without a
/// look at its last bytes.
@safe struct PaddedText: TextPart {
  // SAFETY: as many whole blocks as `bytes` reaches into, and one at least, all initialized.
  // Whoever made it keeps it until `free`.
  let bytes: UnsafeBufferPointer<UInt8>

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

  @inline(__always)
  var bound: Int { unsafe bytes.count }

  @inline(__always)
  @unsafe func write(to place: inout UnsafeMutablePointer<UInt8>) {
    let source = unsafe UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped)
    let target = UnsafeMutableRawPointer(place)
    var offset = 0
    // A block reaches less than its size behind the text: into the slack at most.
    repeat {
      unsafe target.storeBytes(
        of: source.loadUnaligned(fromByteOffset: offset, as: Block.self), toByteOffset: offset,
        as: Block.self)
      offset &+= MemoryLayout<Block>.size
    } while unsafe offset < bytes.count
    unsafe place += bytes.count
  }
}
