import CPlatform
import Glibc
import TraceFormat

/// A chunk of a recording, in memory.
///
/// If the file can be mapped, the memory is the file's own pages: the contents are in the file,
/// however the process ends. If not, the memory is written to the file when the chunk is closed,
/// and before a fork.
@safe struct MappedChunk {
  // SAFETY: `length` bytes, valid from `init` to `unmap`. The caller of `unmap` drops the chunk,
  // and the thread entries and encoders to which it has given memory.
  private let base: UnsafeMutableRawPointer
  let length: Int
  /// Offset in the file, in bytes.
  let offset: UInt64
  let isShared: Bool

  /// Maps a part of a file. A forked child does not inherit the mapping. Returns `nil` with `errno`
  /// set if the kernel refuses.
  init?(mapping descriptor: Int32, _ length: Int, at offset: UInt64) {
    guard let base = unsafe CPlatform_mapFile(descriptor, offset, length) else { return nil }
    _ = unsafe CPlatform_watchMapping(base, length)
    unsafe self.base = base
    (self.length, self.offset, isShared) = (length, offset, true)
  }

  /// Allocates memory for a part of a file. Returns `nil` if there is none.
  init?(allocating length: Int, at offset: UInt64) {
    // `calloc` reports a lack of memory; Swift's own allocation would end the program.
    guard let memory = unsafe calloc(1, length) else { return nil }
    unsafe base = memory
    (self.length, self.offset, isShared) = (length, offset, false)
  }

  /// Passes the bytes to `body`.
  func withBytes<Result>(_ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
    let bytes = unsafe UnsafeRawBufferPointer(start: base, count: length)
    return try body(unsafe Span<UInt8>(_unsafeBytes: bytes))
  }

  /// Stores bytes at an offset in the chunk.
  func store(_ bytes: [UInt8], at position: Int) {
    precondition(position >= 0 && position + bytes.count <= length)
    unsafe bytes.withUnsafeBytes { source in
      guard let start = source.baseAddress else { return }
      unsafe (base + position).copyMemory(from: start, byteCount: source.count)
    }
  }

  /// Stores a little-endian number at an offset in the chunk.
  func store<Number: FixedWidthInteger>(_ number: Number, at position: Int) {
    precondition(position >= 0 && position + MemoryLayout<Number>.size <= length)
    unsafe (base + position).storeBytes(of: number.littleEndian, as: Number.self)
  }

  /// Sets all bytes after the header to zero.
  func clear() { unsafe memset(base + ChunkHeader.size, 0, length - ChunkHeader.size) }

  /// Gives the memory after the header to an encoder, for events.
  func begin(_ encoder: inout EventEncoder, time: UInt64, depth: Int32, stack: UInt32) {
    let content = unsafe UnsafeMutableRawBufferPointer(
      start: base + ChunkHeader.size, count: length - ChunkHeader.size)
    unsafe encoder.begin(content, time: time, depth: depth, stack: stack)
  }

  /// Unmaps or frees the memory.
  func unmap() {
    guard isShared else { return unsafe free(base) }
    unsafe CPlatform_forgetMapping(base)
    unsafe munmap(base, length)
  }
}
