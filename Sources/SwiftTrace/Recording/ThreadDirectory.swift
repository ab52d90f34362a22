import TraceFormat

/// The thread directory of a recording. Its chunks stay mapped, because numbers in the entries
/// change.
struct ThreadDirectory {
  private var chunks: [MappedChunk] = []
  private var used = 0

  /// The position of an entry: its chunk, and the offset in that.
  struct Position {
    fileprivate let chunk: MappedChunk
    fileprivate let offset: Int
  }

  /// Adds an entry.
  mutating func add(_ entry: ThreadCell, to file: RecordingFile) throws -> Position {
    if chunks.isEmpty || used + ThreadCell.size > chunks[chunks.count - 1].length {
      let length = UInt32(file.wholePages(Format.page))
      chunks.append(try file.addChunk(ChunkHeader(kind: .threads, length: length)))
      used = ChunkHeader.size
    }
    let chunk = chunks[chunks.count - 1]
    let bytes = entry.encoded()
    chunk.store(Array(bytes[4...]), at: used + 4)
    chunk.publish(Array(bytes[..<4]), at: used)
    defer { used += ThreadCell.size }
    return Position(chunk: chunk, offset: used)
  }

  /// Changes a number in an entry.
  func store<Number: FixedWidthInteger>(
    _ number: Number, at offset: Int, of entry: Position
  ) {
    precondition(offset >= 0 && offset + MemoryLayout<Number>.size <= ThreadCell.size)
    entry.chunk.store(number, at: entry.offset + offset)
  }

  /// Writes the chunks that are not mapped.
  func writeOut(to file: RecordingFile) throws {
    for index in chunks.indices { try file.writeOut(chunks[index]) }
  }

  mutating func close(in file: RecordingFile) throws {
    let all = chunks
    chunks = []
    for index in all.indices {
      all[index].seal(used: index == all.count - 1 ? used : Self.full(all[index].length))
      try file.close(all[index])
    }
  }

  /// Bytes in use in a chunk that is full of entries.
  private static func full(_ length: Int) -> Int {
    ChunkHeader.size + (length - ChunkHeader.size) / ThreadCell.size * ThreadCell.size
  }
}
