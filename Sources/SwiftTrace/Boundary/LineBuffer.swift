import TraceFormat

/// A buffer in which strategies format their lines.
///
/// The storage grows to the size of the longest text and is kept, so that formatting allocates
/// nothing.
@safe public struct LineBuffer: ~Copyable {
  // SAFETY: `storage` holds `capacity + slack` bytes, of which the first `count` are initialized.
  // Only `grow` replaces it, and only this value owns it.
  private var storage: UnsafeMutablePointer<UInt8>
  private var capacity: Int

  /// Number of bytes in the buffer.
  public private(set) var count = 0

  /// Bytes after the capacity, which may be overwritten by a text that is copied in whole blocks.
  static let slack = 64

  /// Creates an empty buffer.
  ///
  /// - Parameter capacity: number of bytes before the storage must grow.
  public init(capacity: Int) {
    MemoryReserve.ensure(max(capacity, 64) + Self.slack)
    unsafe storage = .allocate(capacity: max(capacity, 64) + Self.slack)
    self.capacity = max(capacity, 64)
  }

  deinit { unsafe storage.deallocate() }

  @inline(__always)
  private mutating func reserve(_ additional: Int) {
    if count + additional > capacity { grow(additional) }
  }

  @inline(never)
  private mutating func grow(_ additional: Int) {
    var capacity = max(self.capacity * 2, count + additional)
    if !MemoryReserve.canAllocate(capacity + Self.slack) {
      MemoryReserve.use()
      capacity = count + additional
    }
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + Self.slack)
    unsafe larger.update(from: storage, count: count)
    unsafe storage.deallocate()
    unsafe storage = larger
    self.capacity = capacity
  }

  /// Appends bytes from other memory.
  @inline(__always)
  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress, bytes.count > 0 else { return }
    reserve(bytes.count)
    unsafe UnsafeMutableRawPointer(storage + count).copyMemory(from: source, byteCount: bytes.count)
    count += bytes.count
  }

  /// Appends texts and the parts between them. The space is checked once.
  @inline(__always)
  mutating func append<First: TextPart, Second: TextPart>(
    _ start: StaticString, _ first: First, _ middle: StaticString, _ second: Second = NoText(),
    _ end: StaticString = ""
  ) {
    let constant = start.utf8CodeUnitCount &+ middle.utf8CodeUnitCount &+ end.utf8CodeUnitCount
    reserve(first.bound &+ second.bound &+ constant)
    // SAFETY: each part writes no more than its bound, for which there is space, and the slack.
    var line = unsafe TextCursor(storage + count)
    line.append(start)
    first.write(to: &line)
    line.append(middle)
    second.write(to: &line)
    line.append(end)
    count = unsafe line.place - storage
  }

  /// Appends UTF-8 bytes.
  @inline(__always)
  public mutating func append(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBytes { bytes in unsafe append(bytes) }
  }

  /// Appends a string literal, such as `"Call to "`.
  @inline(__always)
  public mutating func append(_ text: StaticString) {
    unsafe append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Appends one byte.
  @inline(__always)
  public mutating func append(byte: UInt8) {
    reserve(1)
    unsafe storage[count] = byte
    count += 1
  }

  /// The byte at an index.
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

  /// Appends zeros, which the caller overwrites.
  mutating func extend(by additional: Int) {
    reserve(additional)
    unsafe (storage + count).initialize(repeating: 0, count: additional)
    count += additional
  }

  /// Removes all bytes after the first `count`.
  package mutating func truncate(to count: Int) {
    precondition(count <= self.count)
    self.count = count
  }

  /// Passes the bytes to `body`.
  @inline(__always)
  public func withBytes<Result>(_ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
    try body(unsafe Span(_unsafeStart: storage, count: count))
  }

  /// The bytes as a `String`.
  public var string: String {
    unsafe withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
  }

  /// Passes the bytes to `body`, for a call into C.
  package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows
    -> Result
  {
    try unsafe body(UnsafeRawBufferPointer(start: storage, count: count))
  }
}
