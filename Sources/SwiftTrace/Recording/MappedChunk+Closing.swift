import Synchronization
import TraceFormat

extension MappedChunk {
  /// Stores bytes that make the bytes before them valid, after these in memory order.
  func publish(_ bytes: [UInt8], at position: Int) {
    atomicMemoryFence(ordering: .releasing)
    store(bytes, at: position)
  }

  /// Closes the chunk: stores the number of events, and then, in one store, the number of bytes in
  /// use and their checksum. A process that is killed leaves both of them or neither.
  func seal(used: Int, events: Int = 0) {
    precondition(used >= ChunkHeader.size && used <= length)
    let seed = ChunkHeader.seed(events: UInt32(events), used: UInt32(used))
    let check = withBytes {
      Checksum.of($0.extracting(ChunkHeader.size..<used), seed: seed)
    }
    store(UInt32(events), at: ChunkHeader.eventsOffset)
    atomicMemoryFence(ordering: .releasing)
    store(UInt64(used) << 32 | UInt64(check), at: ChunkHeader.closingOffset)
  }

  /// Reduces the length of the chunk in its header, in one store.
  func shorten(to length: Int) {
    let header = withBytes { Array(copying: $0, most: ChunkHeader.size) }
    let word = ChunkHeader.lengthWord(of: header, length: UInt32(length))
    store(word, at: ChunkHeader.lengthOffset)
  }
}
