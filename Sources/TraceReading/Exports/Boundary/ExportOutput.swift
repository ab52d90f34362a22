import Glibc

/// Output buffer of an export, written to a file about 256 KB at a time.
///
/// Only `commit` and `flush` write, so the latest bytes can still be changed until then. No method
/// throws; `failure` stores a write error.
@safe final class ExportOutput {
  // SAFETY: `storage` has `capacity` bytes, of which the first `count` are initialized. Only `grow`
  // replaces it, and only this object owns it.
  private var storage: UnsafeMutablePointer<UInt8>
  private var capacity = 1 << 19
  private let descriptor: Int32
  /// Maximum number of bytes to write, and the number that has been written.
  private let limit: UInt64
  private var written: UInt64 = 0

  /// Number of bytes in the buffer.
  private(set) var count = 0
  /// The first write error; nothing is written after it.
  private(set) var failure: ExportError?

  /// Number of bytes at which `commit` writes. Large writes cost a filesystem less, and this many
  /// bytes stay in the processor's cache.
  private static let enough = 1 << 18

  /// - Parameters:
  ///   - descriptor: an open file descriptor to write to, which stays open.
  ///   - limit: maximum number of bytes; beyond it, `failure` is set and nothing more is written.
  init(descriptor: Int32, limit: UInt64 = .max) {
    unsafe storage = .allocate(capacity: capacity)
    self.descriptor = descriptor
    self.limit = limit
  }

  deinit { unsafe storage.deallocate() }

  /// Ensures that `additional` more bytes fit into the buffer.
  @inline(__always)
  func reserve(_ additional: Int) {
    if count &+ additional > capacity { grow(additional) }
  }

  @inline(never)
  private func grow(_ additional: Int) {
    let capacity = max(self.capacity * 2, count + additional)
    let storage = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    unsafe storage.update(from: self.storage, count: count)
    unsafe self.storage.deallocate()
    unsafe self.storage = storage
    self.capacity = capacity
  }

  /// Appends one byte.
  @inline(__always)
  func append(byte: UInt8) {
    reserve(1)
    unsafe storage[count] = byte
    count &+= 1
  }

  @inline(__always)
  private func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress, bytes.count > 0 else { return }
    reserve(bytes.count)
    unsafe UnsafeMutableRawPointer(storage + count).copyMemory(from: source, byteCount: bytes.count)
    count &+= bytes.count
  }

  /// Appends bytes.
  @inline(__always)
  func append(_ bytes: [UInt8]) {
    unsafe bytes.withUnsafeBytes { bytes in unsafe append(bytes) }
  }

  /// Appends a range of bytes.
  @inline(__always)
  func append(_ bytes: [UInt8], _ range: Range<Int>) {
    precondition(range.upperBound <= bytes.count)
    unsafe bytes.withUnsafeBytes { bytes in
      unsafe append(UnsafeRawBufferPointer(rebasing: bytes[range]))
    }
  }

  /// Appends a string literal.
  @inline(__always)
  func append(_ text: StaticString) {
    unsafe append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Appends the lowest bytes of a word in little-endian order; at most eight.
  @inline(__always)
  func append(word: UInt64, bytes: Int) {
    assert(bytes >= 0 && bytes <= 8)
    reserve(8)
    // SAFETY: there is room for eight bytes, of which only the first `bytes` are kept.
    unsafe UnsafeMutableRawPointer(storage + count).storeBytes(
      of: word.littleEndian, as: UInt64.self)
    count &+= bytes
  }

  /// A byte of the buffer.
  subscript(index: Int) -> UInt8 {
    get {
      precondition(index >= 0 && index < count)
      return unsafe storage[index]
    }
    set {
      precondition(index >= 0 && index < count)
      unsafe storage[index] = newValue
    }
  }

  /// Moves the bytes from a position on, to make room for `additional` bytes there.
  func insert(_ additional: Int, at place: Int) {
    precondition(place >= 0 && place <= count && additional >= 0)
    reserve(additional)
    // SAFETY: `reserve` has made room for `count + additional` bytes.
    unsafe (storage + place + additional).update(from: storage + place, count: count - place)
    count += additional
  }

  /// Removes all bytes after the first `count`.
  func truncate(to count: Int) {
    precondition(count >= 0 && count <= self.count)
    self.count = count
  }

  /// Writes the buffer if it is large enough.
  @inline(__always)
  func commit() {
    if count >= Self.enough { flush() }
  }

  /// Writes the whole buffer.
  @inline(never)
  func flush() {
    var done = 0
    while failure == nil, done < count {
      let result = unsafe write(descriptor, storage + done, count - done)
      if result >= 0 {
        done += result
      } else if errno != EINTR {
        failure = ExportError(code: errno)
      }
    }
    written &+= UInt64(done)
    if failure == nil, written > limit { failure = .tooLarge(written) }
    count = 0
  }
}
