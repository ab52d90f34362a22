import TraceFormat

/// The cells of a recording's threads. Their chunks stay mapped: numbers in them change.
struct ThreadCells {
  private var chunks: [MappedChunk] = []
  private var used = 0

  /// A cell, by its chunk and its offset there.
  struct Place {
    fileprivate let chunk: MappedChunk
    fileprivate let offset: Int
  }

  /// Adds a cell.
  mutating func add(_ cell: ThreadCell, to file: RecordingFile) throws -> Place {
    if chunks.isEmpty || used + ThreadCell.size > chunks[chunks.count - 1].length {
      let length = UInt32(file.wholePages(Format.page))
      chunks.append(try file.addChunk(ChunkHeader(kind: .threads, length: length)))
      used = ChunkHeader.size
    }
    let chunk = chunks[chunks.count - 1]
    let bytes = cell.encoded()
    chunk.store(Array(bytes[4...]), at: used + 4)
    chunk.publish(Array(bytes[..<4]), at: used)
    defer { used += ThreadCell.size }
    return Place(chunk: chunk, offset: used)
  }

  /// Changes a number of a cell.
  func store<Number: FixedWidthInteger>(
    _ number: Number, at offset: Int, of cell: Place
  ) {
    precondition(offset >= 0 && offset + MemoryLayout<Number>.size <= ThreadCell.size)
    cell.chunk.store(number, at: cell.offset + offset)
  }

  /// Writes the chunks that are no mappings.
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

  /// Bytes in use of a chunk that has as many cells as have room.
  private static func full(_ length: Int) -> Int {
    ChunkHeader.size + (length - ChunkHeader.size) / ThreadCell.size * ThreadCell.size
  }
}
