import CPlatform
import Glibc
import TraceFormat

/// A chunk of a recording, in memory.
///
/// It is the file's own page if the file can be mapped: its contents are in the file, whatever
/// becomes of the process. If not, it is memory that is written to the file when the chunk is full.
@safe struct MappedChunk {
  // SAFETY: `length` bytes, from `init` to `unmap`. Whoever unmaps a chunk drops it, and the cells
  // and encoders that it has given memory to.
  private let base: UnsafeMutableRawPointer
  let length: Int
  /// Its offset in the file.
  let offset: UInt64
  let isShared: Bool

  /// Maps a part of a file, which a forked child does not have. Fails with `errno` set.
  init?(mapping descriptor: Int32, _ length: Int, at offset: UInt64) {
    guard let base = unsafe CPlatform_mapFile(descriptor, offset, length) else { return nil }
    _ = unsafe CPlatform_watchMapping(base, length)
    unsafe self.base = base
    (self.length, self.offset, isShared) = (length, offset, true)
  }

  /// Allocates memory for a part of a file. Returns `nil` if the system has no memory.
  init?(allocating length: Int, at offset: UInt64) {
    // The system's allocation reports a lack of memory; Swift's own would end the program.
    guard let memory = unsafe calloc(1, length) else { return nil }
    unsafe base = memory
    (self.length, self.offset, isShared) = (length, offset, false)
  }

  /// Its bytes.
  func withBytes<Result>(_ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
    let bytes = unsafe UnsafeRawBufferPointer(start: base, count: length)
    return try body(unsafe Span<UInt8>(_unsafeBytes: bytes))
  }

  /// Stores bytes, at an offset in the chunk.
  func store(_ bytes: [UInt8], at position: Int) {
    precondition(position >= 0 && position + bytes.count <= length)
    unsafe bytes.withUnsafeBytes { source in
      guard let start = source.baseAddress else { return }
      unsafe (base + position).copyMemory(from: start, byteCount: source.count)
    }
  }

  /// Stores a number, little-endian.
  func store<Number: FixedWidthInteger>(_ number: Number, at position: Int) {
    precondition(position >= 0 && position + MemoryLayout<Number>.size <= length)
    unsafe (base + position).storeBytes(of: number.littleEndian, as: Number.self)
  }

  /// Sets all bytes behind the header to zero.
  func clear() { unsafe memset(base + ChunkHeader.size, 0, length - ChunkHeader.size) }

  /// Has an encoder store events behind the header.
  func begin(_ encoder: inout EventEncoder, time: UInt64, depth: Int32, stack: UInt32) {
    let content = unsafe UnsafeMutableRawBufferPointer(
      start: base + ChunkHeader.size, count: length - ChunkHeader.size)
    unsafe encoder.begin(content, time: time, depth: depth, stack: stack)
  }

  /// Gives the memory back.
  func unmap() {
    guard isShared else { return unsafe free(base) }
    unsafe CPlatform_forgetMapping(base)
    unsafe munmap(base, length)
  }
}
