import Glibc

/// Bytes on their way to a file: gathered, and written some 256 KB at a time.
///
/// Nothing is written but by `commit` and `flush`, so that what was added last can still be changed.
/// No method fails: what could not be written `failure` tells.
@safe final class ExportOutput {
  // SAFETY: `storage` holds `capacity` bytes, of which the first `count` are initialized. Only
  // `grow` replaces it, and only this object owns it.
  private var storage: UnsafeMutablePointer<UInt8>
  private var capacity = 1 << 19
  private let descriptor: Int32
  /// Bytes that may be written, and those that were.
  private let limit: UInt64
  private var written: UInt64 = 0

  /// Bytes that are gathered.
  private(set) var count = 0
  /// Why bytes could not be written. Nothing has been written since.
  private(set) var failure: ExportError?

  /// How much is gathered before it is written. A filesystem takes more at a time with less work, and
  /// this much stays in the processor's cache.
  private static let enough = 1 << 18

  /// - Parameters:
  ///   - descriptor: where the bytes go: an open descriptor, which stays open.
  ///   - limit: bytes at which `failure` is set, and no more is written.
  init(descriptor: Int32, limit: UInt64 = .max) {
    unsafe storage = .allocate(capacity: capacity)
    self.descriptor = descriptor
    self.limit = limit
  }

  deinit { unsafe storage.deallocate() }

  /// Makes room for more bytes.
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

  /// Adds one byte.
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

  /// Adds bytes that stand elsewhere.
  @inline(__always)
  func append(_ bytes: [UInt8]) {
    unsafe bytes.withUnsafeBytes { bytes in unsafe append(bytes) }
  }

  /// Adds some of the bytes that stand elsewhere.
  @inline(__always)
  func append(_ bytes: [UInt8], _ range: Range<Int>) {
    precondition(range.upperBound <= bytes.count)
    unsafe bytes.withUnsafeBytes { bytes in
      unsafe append(UnsafeRawBufferPointer(rebasing: bytes[range]))
    }
  }

  /// Adds a text of the program's own source.
  @inline(__always)
  func append(_ text: StaticString) {
    unsafe append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Adds the lowest bytes of a word, the lowest first: at most eight.
  @inline(__always)
  func append(word: UInt64, bytes: Int) {
    assert(bytes >= 0 && bytes <= 8)
    reserve(8)
    // SAFETY: there is room for eight bytes, of which those that count stay.
    unsafe UnsafeMutableRawPointer(storage + count).storeBytes(
      of: word.littleEndian, as: UInt64.self)
    count &+= bytes
  }

  /// A byte that is gathered.
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

  /// Moves what stands behind a place further on, to make room there.
  func insert(_ additional: Int, at place: Int) {
    precondition(place >= 0 && place <= count && additional >= 0)
    reserve(additional)
    // SAFETY: `reserve` has made room for `count + additional` bytes.
    unsafe (storage + place + additional).update(from: storage + place, count: count - place)
    count += additional
  }

  /// Takes back everything after the first `count` bytes.
  func truncate(to count: Int) {
    precondition(count >= 0 && count <= self.count)
    self.count = count
  }

  /// Writes what is gathered, where that is enough to be worth it.
  @inline(__always)
  func commit() {
    if count >= Self.enough { flush() }
  }

  /// Writes all that is gathered.
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
