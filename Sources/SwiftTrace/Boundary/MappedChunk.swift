import CTraceHook
import Glibc
import Synchronization
import TraceFormat

/// A chunk of a recording, in memory.
///
/// It is the file's own page where the file can be mapped: what is stored is in the file, whatever
/// becomes of the process. Else it is memory that is written to the file when the chunk is full.
@unsafe struct MappedChunk {
  let base: UnsafeMutableRawPointer
  let length: Int
  /// Where it stands in the file.
  let offset: UInt64
  let isShared: Bool

  /// What stands behind the header.
  var content: UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(
      start: base + ChunkHeader.size, count: length - ChunkHeader.size)
  }

  /// Stores bytes, at a place in the chunk.
  func store(_ bytes: [UInt8], at position: Int) {
    precondition(unsafe position >= 0 && position + bytes.count <= length)
    unsafe bytes.withUnsafeBytes { source in
      guard let start = source.baseAddress else { return }
      unsafe (base + position).copyMemory(from: start, byteCount: source.count)
    }
  }

  /// Stores a number, little-endian.
  func store<Number: FixedWidthInteger>(_ number: Number, at position: Int) {
    precondition(unsafe position >= 0 && position + MemoryLayout<Number>.size <= length)
    unsafe (base + position).storeBytes(of: number.littleEndian, as: Number.self)
  }

  /// Stores bytes that make valid what was stored before.
  func publish(_ bytes: [UInt8], at position: Int) {
    atomicMemoryFence(ordering: .releasing)
    unsafe store(bytes, at: position)
  }

  /// Closes the chunk: stores how many events it has, and then in one store how much of it is in
  /// use, with the check of that. A process that is killed leaves both or none.
  func seal(used: Int, events: Int = 0) {
    precondition(unsafe used >= ChunkHeader.size && used <= length)
    let seed = ChunkHeader.seed(events: UInt32(events), used: UInt32(used))
    let content = unsafe UnsafeRawBufferPointer(
      start: base + ChunkHeader.size, count: used - ChunkHeader.size)
    let check = unsafe Checksum.of(Span<UInt8>(_unsafeBytes: content), seed: seed)
    unsafe store(UInt32(events), at: ChunkHeader.eventsOffset)
    atomicMemoryFence(ordering: .releasing)
    unsafe store(UInt64(used) << 32 | UInt64(check), at: ChunkHeader.closingOffset)
  }

  /// Makes the chunk shorter, in one store.
  func shorten(to length: Int) {
    let header = unsafe Array(UnsafeRawBufferPointer(start: base, count: ChunkHeader.size))
    let word = ChunkHeader.lengthWord(of: header, length: UInt32(length))
    unsafe store(word, at: ChunkHeader.lengthOffset)
  }

  /// Gives the memory back.
  func unmap() {
    guard unsafe isShared else { return unsafe free(base) }
    unsafe CTraceHook_forgetMapping(base)
    unsafe munmap(base, length)
  }
}
