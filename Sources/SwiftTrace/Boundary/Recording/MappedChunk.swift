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

  /// Gives the memory back.
  func unmap() {
    if unsafe isShared { unsafe munmap(base, length) } else { unsafe free(base) }
  }
}
