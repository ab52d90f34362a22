import TraceFormat

/// The contents of a file after its header, as of the last scan: definitions, threads, and the
/// positions of their events.
///
/// A scan reads the header of each chunk, the definitions and the thread directory.
final class FileContents {
  private(set) var definitions = DefinitionTable()
  /// Entries of the thread directory, by the thread's index.
  private(set) var threads: [Int: ThreadCell] = [:]
  private(set) var chunks = ChunkList()
  /// The damage that was found.
  private(set) var problems: [FormatError] = []

  private let bytes: FileBytes
  private var header: FileHeader
  /// Offset up to which the file has been scanned.
  private var scanned: UInt64
  private var definitionReaders: [DefinitionReader] = []
  /// Offsets and lengths of the thread directory's chunks, in bytes.
  private var cellChunks: [(offset: UInt64, length: Int)] = []

  /// Creates the contents without scanning the file.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - header: the file's header.
  ///   - start: offset of the first chunk.
  init(_ bytes: FileBytes, _ header: FileHeader, from start: UInt64) {
    self.bytes = bytes
    self.header = header
    scanned = start
  }

  /// Scans what was added to the file.
  ///
  /// - Parameter header: the current header. It is read before the file's size, so if it marks the
  ///   recording as ended, nothing is added after that size.
  func lookOn(_ header: FileHeader) {
    self.header = header
    let size = bytes.size
    if header.isDamaged { note(FormatError("the file's header is damaged", at: 0)) }
    if header.lost.count > 0 {
      note(
        FormatError(
          "\(header.lost.count) events are missing: they found no room, like their threads' names",
          at: UInt64(FileHeader.lostOffset)))
    }
    if header.keepsLast { lookAtReused() }
    while scanned < size, let length = scanChunk(at: scanned, size: size) { scanned += length }
    for index in definitionReaders.indices {
      do { try definitionReaders[index].readOn(bytes, into: &definitions) } catch { note(error) }
    }
    definitionReaders.removeAll { $0.isOver }
    if definitions.isFull {
      let size = ReadingLimits.mostDefinitions >> 20
      note(FormatError("the definitions take more than \(size) MB: later ones are left out", at: 0))
    }
    for (offset, length) in cellChunks {
      readCells(at: offset, length)
      checkClosed(at: offset)
    }
    chunks.sort { checkOrder($0) }
    if header.end != .open, !header.keepsLast { checkEnds(size) }
  }

  /// Compares the checksum of a closed chunk with its content. Reports damage once.
  ///
  /// The chunk is read even if it is damaged, because one changed bit need not cost all its events.
  func check(_ header: ChunkHeader, at offset: UInt64) {
    guard let check = header.check, checked.insert(offset).inserted else { return }
    var sum = Checksum(seed: ChunkHeader.seed(events: header.events, used: header.used))
    let end = Int(header.used)
    var content: [UInt8] = []
    for start in stride(from: ChunkHeader.size, to: end, by: Self.checkedAtOnce) {
      let count = min(Self.checkedAtOnce, end - start)
      bytes.read(count, at: offset + UInt64(start), into: &content)
      guard content.count == count else { return }  // `scanChunk` reports that.
      sum.add(content.span)
    }
    if sum.value == check { return }
    if self.header.keepsLast {
      // It may have been evicted and reused meanwhile.
      bytes.read(ChunkHeader.size, at: offset, into: &content)
      let now = try? ChunkHeader.decode(content.span, at: offset, version: self.header.version)
      guard now == header else { return }
    }
    let name =
      switch header.kind {
      case .definitions: "the chunk of definitions"
      case .threads: "the chunk of threads"
      default: "chunk \(header.sequence) of thread \(header.thread)"
      }
    note(
      FormatError(
        "damaged: \(name) of process \(self.header.processID) does not match its check",
        at: offset))
  }

  /// Checks a chunk of the thread directory that may have been closed since it was found.
  private func checkClosed(at offset: UInt64) {
    guard !checked.contains(offset) else { return }
    var head: [UInt8] = []
    bytes.read(ChunkHeader.size, at: offset, into: &head)
    do {
      guard
        let now = try ChunkHeader.decode(head.span, at: offset, version: header.version),
        now.kind == .threads
      else { return }
      check(now, at: offset)
    } catch { note(error) }
  }

  /// Number of bytes to read at once for a checksum; a multiple of 32.
  private static let checkedAtOnce = 1 << 18
  /// Offsets of the chunks whose checksums have been compared.
  private var checked: Set<UInt64> = []

  /// Stores a problem, unless it is stored already.
  func note(_ problem: FormatError) {
    // Bounded, because each chunk of a file may be damaged.
    guard problems.count < 100, !problems.contains(problem) else { return }
    problems.append(problem)
  }

  /// Adds the chunk at an offset. Returns its length in bytes, or nil if it has not been written
  /// yet.
  private func scanChunk(at offset: UInt64, size: UInt64) -> UInt64? {
    var head: [UInt8] = []
    bytes.read(ChunkHeader.size, at: offset, into: &head)
    do {
      guard let chunk = try ChunkHeader.decode(head.span, at: offset, version: header.version)
      else {
        // This is the end of what was written, or a hole with more chunks behind it.
        if header.isBeingWritten { return nil }
        guard let next = nextChunk(behind: offset, size: size) else { return nil }
        note(FormatError("a chunk is missing", at: offset))
        return next - offset
      }
      // The writer may have extended the file since its size was read, or truncated it to what is
      // used.
      if offset + UInt64(chunk.length) > size, !header.isBeingWritten {
        bytes.read(ChunkHeader.size, at: offset, into: &head)
        let length =
          try ChunkHeader.decode(head.span, at: offset, version: header.version)?.length ?? 0
        if offset + UInt64(length) > max(size, bytes.size) {
          note(FormatError("the file ends within the chunk", at: offset))
        }
      }
      take(chunk, at: offset)
      return UInt64(chunk.length)
    } catch {
      note(error)
      return (nextChunk(behind: offset, size: size) ?? size) - offset
    }
  }

  private func take(_ header: ChunkHeader, at offset: UInt64) {
    switch header.kind {
    case .definitions:
      definitionReaders.append(
        DefinitionReader(header, at: offset, version: self.header.version))
    case .threads: cellChunks.append((offset, Int(header.length)))
    case .events, .free: chunks.append(Chunk(offset: offset, header: header))
    case .other: break
    }
    if header.kind == .definitions || header.kind == .threads { check(header, at: offset) }
  }

  /// Returns the offset of the next chunk after an offset at which there is no valid one.
  private func nextChunk(behind offset: UInt64, size: UInt64) -> UInt64? {
    let page = UInt64(Format.page)
    var place = offset + page
    var block: [UInt8] = []
    while place < size {
      place = max(place, bytes.nextData(from: place) / page * page)
      bytes.read(1 << 16, at: place, into: &block)
      for start in stride(from: 0, to: block.count - ChunkHeader.size + 1, by: Format.page)
      where block[start] != 0 {
        let head = block.span.extracting(start..<(start + ChunkHeader.size))
        if (try? ChunkHeader.decode(head, at: 0, version: header.version)) != nil {
          return place + UInt64(start)
        }
      }
      place += 1 << 16
    }
    return nil
  }

  /// Reads the headers of all chunks again, because `--keep last` reuses evicted chunks.
  private func lookAtReused() {
    var head: [UInt8] = []
    for place in chunks.all.indices {
      let chunk = chunks.all[place]
      bytes.read(ChunkHeader.size, at: chunk.offset, into: &head)
      guard let now = try? ChunkHeader.decode(head.span, at: chunk.offset, version: header.version),
        now != chunk.header,
        now.length <= chunk.header.length
      else { continue }
      checked.remove(chunk.offset)
      chunks.replace(place, with: now)
    }
  }

  private func readCells(at offset: UInt64, _ length: Int) {
    var content: [UInt8] = []
    var place = offset + UInt64(ChunkHeader.size)
    let end = offset + UInt64(length)
    while place < end {
      bytes.read(min(4096, Int(end - place)), at: place, into: &content)
      var position = 0
      while let cell = ThreadCell(decoding: content.span, at: position, version: header.version) {
        if cell.isDamaged {
          note(FormatError("what is known of a thread is damaged", at: place + UInt64(position)))
        }
        threads[Int(cell.index)] = cell
        position += ThreadCell.size
      }
      guard position == 4096 else { return }
      place += 4096
    }
  }

  /// Reports the missing chunks of a thread. With `--keep last`, missing chunks were evicted and
  /// are not damage.
  private func checkOrder(_ chunks: [Chunk]) {
    var last: UInt64?
    for chunk in chunks {
      let (sequence, thread) = (chunk.header.sequence, chunk.header.thread)
      if sequence == last {
        note(FormatError("a chunk's number is there twice", at: chunk.offset + 16))
      } else if !header.keepsLast, sequence != last.map({ $0 &+ 1 }) ?? 0 {
        note(FormatError("a chunk of thread \(thread) before this is missing", at: chunk.offset))
      }
      last = sequence
    }
  }

  /// Reports the threads of an ended recording whose last events are missing.
  private func checkEnds(_ size: UInt64) {
    for (thread, cell) in threads.sorted(by: { $0.key < $1.key }) {
      var last = chunks.last(of: thread)?.header
      if let chunk = chunks.last(of: thread), chunk.header.used == 0 {
        // It may have been closed since it was found.
        var head: [UInt8] = []
        bytes.read(ChunkHeader.size, at: chunk.offset, into: &head)
        last =
          (try? ChunkHeader.decode(head.span, at: chunk.offset, version: header.version)) ?? last
      }
      let events = (last?.eventsBefore ?? 0) &+ UInt64(last?.events ?? 0)
      if cell.events > events {
        note(FormatError("the last events of thread \(thread) are missing", at: size))
      }
    }
  }
}
