import TraceFormat

/// Bytes of text under construction: what strategies format their lines into.
///
/// The storage grows to what the longest run of lines needs and stays, so that formatting allocates
/// nothing.
@safe public struct LineBuffer: ~Copyable {
  // SAFETY: `storage` holds `capacity` bytes and `slack` more, of which the first `count` are
  // initialized. Only `reserve` replaces it, and only this value owns it.
  private var storage: UnsafeMutablePointer<UInt8>
  private var capacity: Int

  /// Bytes in the buffer.
  public private(set) var count = 0

  /// Bytes behind the capacity, which a text that is copied in whole blocks may reach into.
  static let slack = 64

  /// Makes an empty buffer.
  ///
  /// - Parameter capacity: bytes to hold before the storage has to grow.
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

  /// Adds bytes that stand elsewhere.
  @inline(__always)
  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress, bytes.count > 0 else { return }
    reserve(bytes.count)
    unsafe UnsafeMutableRawPointer(storage + count).copyMemory(from: source, byteCount: bytes.count)
    count += bytes.count
  }

  /// Adds texts and the parts between them, for which the room is checked once.
  @inline(__always)
  mutating func append<First: TextPart, Second: TextPart>(
    _ start: StaticString, _ first: First, _ middle: StaticString, _ second: Second = NoText(),
    _ end: StaticString = ""
  ) {
    let constant = start.utf8CodeUnitCount &+ middle.utf8CodeUnitCount &+ end.utf8CodeUnitCount
    reserve(first.bound &+ second.bound &+ constant)
    // SAFETY: each part writes no more than its bound, for which there is room, and the slack.
    var line = unsafe TextCursor(storage + count)
    line.append(start)
    first.write(to: &line)
    line.append(middle)
    second.write(to: &line)
    line.append(end)
    count = unsafe line.place - storage
  }

  /// Adds UTF-8 bytes.
  @inline(__always)
  public mutating func append(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBytes { bytes in unsafe append(bytes) }
  }

  /// Adds a text of the program's own source, such as `"Call to "`.
  @inline(__always)
  public mutating func append(_ text: StaticString) {
    unsafe append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Adds one byte.
  @inline(__always)
  public mutating func append(byte: UInt8) {
    reserve(1)
    unsafe storage[count] = byte
    count += 1
  }

  /// A byte of the text so far.
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

  /// Makes the text longer; what is added is to be written over.
  mutating func extend(by additional: Int) {
    reserve(additional)
    unsafe (storage + count).initialize(repeating: 0, count: additional)
    count += additional
  }

  /// Takes back everything after the first `count` bytes.
  package mutating func truncate(to count: Int) {
    precondition(count <= self.count)
    self.count = count
  }

  /// The bytes so far.
  @inline(__always)
  public func withBytes<Result>(_ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
    try body(unsafe Span(_unsafeStart: storage, count: count))
  }

  /// The text so far.
  public var string: String {
    unsafe withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
  }

  /// The bytes so far, for a call into C.
  package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows
    -> Result
  {
    try unsafe body(UnsafeRawBufferPointer(start: storage, count: count))
  }
}
