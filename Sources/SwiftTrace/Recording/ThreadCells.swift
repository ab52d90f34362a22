import TraceFormat

/// The cells of a recording's threads. Their chunks stay mapped: numbers in them change.
@safe struct ThreadCells {
  private var chunks: [MappedChunk] = unsafe []
  private var used = 0

  /// Adds a cell. Returns where it stands.
  mutating func add(_ cell: ThreadCell, to file: RecordingFile) throws -> UnsafeMutableRawPointer {
    if unsafe chunks.isEmpty || used + ThreadCell.size > chunks[chunks.count - 1].length {
      let length = UInt32(file.wholePages(Format.page))
      unsafe chunks.append(try file.addChunk(ChunkHeader(kind: .threads, length: length)))
      used = ChunkHeader.size
    }
    let chunk = unsafe chunks[chunks.count - 1]
    let bytes = cell.encoded()
    unsafe chunk.store(Array(bytes[4...]), at: used + 4)
    unsafe chunk.publish(Array(bytes[..<4]), at: used)
    defer { used += ThreadCell.size }
    return unsafe chunk.base + used
  }

  /// Changes a number of a cell.
  func store<Number: FixedWidthInteger>(
    _ number: Number, at offset: Int, of cell: UnsafeMutableRawPointer
  ) {
    precondition(offset >= 0 && offset + MemoryLayout<Number>.size <= ThreadCell.size)
    unsafe (cell + offset).storeBytes(of: number.littleEndian, as: Number.self)
  }

  /// Writes the chunks that are no mappings.
  func writeOut(to file: RecordingFile) throws {
    for index in unsafe chunks.indices { try unsafe file.writeOut(chunks[index]) }
  }

  mutating func close(in file: RecordingFile) throws {
    let all = unsafe chunks
    unsafe chunks = []
    for index in unsafe all.indices {
      unsafe all[index].seal(used: index == all.count - 1 ? used : Self.full(all[index].length))
      try unsafe file.close(all[index])
    }
  }

  /// Bytes in use of a chunk that has as many cells as have room.
  private static func full(_ length: Int) -> Int {
    ChunkHeader.size + (length - ChunkHeader.size) / ThreadCell.size * ThreadCell.size
  }
}
