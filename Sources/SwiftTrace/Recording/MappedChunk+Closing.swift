import Synchronization
import TraceFormat

extension MappedChunk {
  /// Stores bytes that make valid the ones that were stored before.
  func publish(_ bytes: [UInt8], at position: Int) {
    atomicMemoryFence(ordering: .releasing)
    store(bytes, at: position)
  }

  /// Closes the chunk: stores how many events it has, and then in one store how much of it is in
  /// use, with the check of that. A process that is killed leaves both or none.
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

  /// Makes the chunk shorter, in one store.
  func shorten(to length: Int) {
    let header = withBytes { Array(copying: $0, most: ChunkHeader.size) }
    let word = ChunkHeader.lengthWord(of: header, length: UInt32(length))
    store(word, at: ChunkHeader.lengthOffset)
  }
}
