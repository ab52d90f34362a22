import TraceFormat

/// The recording of one process: what is defined in it, its threads, and where their events stand.
///
/// Nothing of the events is read before it is asked for, so a file of any size is open at once. The
/// memory that it takes is a small part of the file's size.
public final class TraceFile {
  /// The file; what is not UTF-8 in it shows as U+FFFD.
  public var path: String { String(decoding: pathBytes, as: UTF8.self) }
  let pathBytes: [UInt8]
  /// What the file says of the process, and of how it was recorded.
  public private(set) var header: FileHeader
  private var definitions = DefinitionTable()
  /// The threads, by number.
  public private(set) var threads: [Int: ThreadCell] = [:]
  /// What cannot be read.
  public private(set) var damage: [Damage] = []

  private(set) var chunks = ChunkList()
  let bytes: FileBytes
  /// Up to where the file has been looked through.
  private var scanned: UInt64 = 0
  private var definitionReaders: [DefinitionReader] = []
  /// Where chunks of cells stand, and their lengths.
  private var cellChunks: [(offset: UInt64, length: Int)] = []
  private var texts = TextCache()
  private var fruitlessLooks = 0

  /// Opens a recording.
  ///
  /// - Throws: `ReadingError` when it cannot be read, or is none, or was written by a newer
  ///   swifttrace.
  public convenience init(path: String) throws(ReadingError) {
    try self.init(path: Array(path.utf8))
  }

  /// Opens a recording whose path may be no UTF-8: the bytes that the system knows it by.
  ///
  /// - Throws: `ReadingError`, as above.
  public convenience init(path: [UInt8]) throws(ReadingError) {
    try self.init(FileBytes(path: path), path: path)
  }

  init(_ bytes: FileBytes, path: [UInt8]) throws(ReadingError) {
    pathBytes = path
    self.bytes = bytes
    (header, scanned) = try Self.header(of: bytes, path)
    refresh()
  }

  /// The header of a file, and its size.
  static func header(of bytes: FileBytes, _ path: [UInt8]) throws(ReadingError) -> (
    FileHeader, UInt64
  ) {
    var head: [UInt8] = []
    do {
      bytes.read(Format.page, at: 0, into: &head)
      let size = try FileHeader.size(in: head.span)
      bytes.read(size, at: 0, into: &head)
      return (try FileHeader(decoding: head.span), UInt64(size))
    } catch {
      throw ReadingError(path: path, problem: "\(error)")
    }
  }

  /// What the file defines, by number. Nil where no function has the number, or it is lost.
  public var functions: [FunctionDefinition?] { definitions.functions }
  /// The paths of source files, by number.
  public var sources: [[UInt8]?] { definitions.sources }
  /// The names of functions written in C, by number.
  public var builtins: [[UInt8]?] { definitions.builtins }
  var callLines: [Int32] { definitions.callLines }

  /// The function of a number; nil where none has it, or it is lost.
  public func function(_ number: UInt32) -> FunctionDefinition? {
    Int(number) < definitions.functions.count ? definitions.functions[Int(number)] : nil
  }

  /// The name of the function written in C of a number; nil where none has it, or it is lost.
  public func builtin(_ number: UInt32) -> [UInt8]? {
    Int(number) < definitions.builtins.count ? definitions.builtins[Int(number)] : nil
  }

  /// The path of a function's source.
  public func source(of function: FunctionDefinition) -> [UInt8] {
    let number = Int(function.file)
    return number < definitions.sources.count ? definitions.sources[number] ?? [] : []
  }

  /// Whether its process still runs and has not ended the recording.
  public var isBeingWritten: Bool {
    header.end == .open && isRunning(process: Int32(truncatingIfNeeded: header.processID))
  }

  /// Looks for what was added to the file.
  public func refresh() {
    let size = bytes.size
    var head: [UInt8] = []
    bytes.read(1, at: UInt64(FileHeader.endOffset), into: &head)
    if let end = head.first.flatMap({ FileHeader.End(rawValue: $0) }) { header.end = end }
    if header.keepsLast { lookAtReused() }
    while scanned < size, let length = scanChunk(at: scanned, size: size) { scanned += length }
    for index in definitionReaders.indices {
      do { try definitionReaders[index].readOn(bytes, into: &definitions) } catch { note(error) }
    }
    definitionReaders.removeAll { $0.isOver }
    for (offset, length) in cellChunks { readCells(at: offset, length) }
    chunks.sort { checkOrder($0) }
    if header.end != .open, !header.keepsLast { checkEnds(size) }
  }

  /// Whether functions have been defined since the file was looked at: events of a program that
  /// runs may be newer than that.
  func hasNewFunctions() -> Bool {
    // Bounded: a damaged file may name functions that there are not at many places.
    guard header.end == .open, fruitlessLooks < 16 else { return false }
    let known = callLines.count
    refresh()
    if callLines.count == known { fruitlessLooks += 1 }
    return callLines.count > known
  }

  /// Takes in the chunk at an offset. Returns its length; nil where none has been written yet.
  private func scanChunk(at offset: UInt64, size: UInt64) -> UInt64? {
    var head: [UInt8] = []
    bytes.read(ChunkHeader.size, at: offset, into: &head)
    do {
      guard let header = try ChunkHeader.decode(head.span, at: offset) else {
        // The end of what was written; or a hole, behind which there is more.
        if isBeingWritten { return nil }
        guard let next = nextChunk(behind: offset, size: size) else { return nil }
        note(FormatError("a chunk is missing", at: offset))
        return next - offset
      }
      // A file that is written on has grown since it was looked at, or was cut to what is used.
      if offset + UInt64(header.length) > size, !isBeingWritten {
        bytes.read(ChunkHeader.size, at: offset, into: &head)
        let length = try ChunkHeader.decode(head.span, at: offset)?.length ?? 0
        if offset + UInt64(length) > max(size, bytes.size) {
          note(FormatError("the file ends within the chunk", at: offset))
        }
      }
      take(header, at: offset)
      return UInt64(header.length)
    } catch {
      note(error)
      return (nextChunk(behind: offset, size: size) ?? size) - offset
    }
  }

  private func take(_ header: ChunkHeader, at offset: UInt64) {
    switch header.kind {
    case .definitions: definitionReaders.append(DefinitionReader(header, at: offset))
    case .threads: cellChunks.append((offset, Int(header.length)))
    case .events, .free: chunks.append(Chunk(offset: offset, header: header))
    }
  }

  /// Where the next chunk begins behind an offset at which there is none.
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
        if (try? ChunkHeader.decode(head, at: 0)) != nil { return place + UInt64(start) }
      }
      place += 1 << 16
    }
    return nil
  }

  /// Where the newest events take the place of the oldest, chunks become others.
  private func lookAtReused() {
    var head: [UInt8] = []
    for place in chunks.all.indices {
      let chunk = chunks.all[place]
      bytes.read(ChunkHeader.size, at: chunk.offset, into: &head)
      guard let now = try? ChunkHeader.decode(head.span, at: chunk.offset), now != chunk.header,
        now.length <= chunk.header.length
      else { continue }
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
      while let cell = ThreadCell(decoding: content.span, at: position) {
        threads[Int(cell.index)] = cell
        position += ThreadCell.size
      }
      guard position == 4096 else { return }
      place += 4096
    }
  }

  /// Names the chunks of a thread that are not there. Where chunks make room for others, that is no
  /// damage.
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

  /// Of a recording that was ended: whether the last events are there.
  private func checkEnds(_ size: UInt64) {
    for (thread, cell) in threads.sorted(by: { $0.key < $1.key }) {
      var last = chunks.last(of: thread)?.header
      if let chunk = chunks.last(of: thread), chunk.header.used == 0 {
        // It was closed since.
        var head: [UInt8] = []
        bytes.read(ChunkHeader.size, at: chunk.offset, into: &head)
        last = (try? ChunkHeader.decode(head.span, at: chunk.offset)) ?? last
      }
      let events = (last?.eventsBefore ?? 0) &+ UInt64(last?.events ?? 0)
      if cell.events > events {
        note(FormatError("the last events of thread \(thread) are missing", at: size))
      }
    }
  }

  func note(_ error: FormatError) {
    // Bounded: a file that is all wrong says so a hundred times.
    guard damage.count < 100, !damage.contains(where: { $0.error == error }) else { return }
    damage.append(Damage(path: path, error: error))
  }

  /// A text that an event names, by where it stands; nil where no text stands there.
  public func text(at offset: UInt64) -> [UInt8]? {
    guard let end = chunks.end(around: offset) else { return nil }
    return texts.text(at: offset) {
      var buffer: [UInt8] = []
      for count in [256, EventDecoder.longestRecord] {
        bytes.read(min(count, Int(end - offset)), at: offset, into: &buffer)
        if let text = EventDecoder.text(buffer.span, at: 0) { return text }
      }
      return nil
    }
  }

  /// Events that are not in the file any more, or never were, of a thread: how many, and the times
  /// between which they were. Nil where none are missing.
  public func dropped(of thread: Int) -> (count: UInt64, from: UInt64, until: UInt64)? {
    guard let cell = threads[thread] else { return nil }
    // Given up were those before the first chunk that is left; and some may have found no room.
    let first = chunks.first(of: thread)?.header
    let before = first?.eventsBefore ?? cell.events
    guard before &+ cell.dropped > 0 else { return nil }
    let from = before > 0 ? cell.firstTime : cell.droppedFrom
    let until = max(
      before > 0 ? first?.time ?? cell.lastTime : 0, cell.dropped > 0 ? cell.droppedUntil : 0)
    return (before &+ cell.dropped, from, until)
  }
}

/// Texts that were read lately: many events name the same.
private struct TextCache {
  private var known: [UInt64: [UInt8]] = [:]
  private var size = 0

  mutating func text(at offset: UInt64, _ read: () -> [UInt8]?) -> [UInt8]? {
    if let text = known[offset] { return text }
    guard let text = read().map(valid(utf8:)) else { return nil }
    if size > 1 << 20 {
      known.removeAll(keepingCapacity: true)
      size = 0
    }
    size += text.count + 64
    known[offset] = text
    return text
  }
}

/// A text as it is, or with U+FFFD for what is not UTF-8: only a damaged file has such texts.
func valid(utf8 bytes: [UInt8]) -> [UInt8] {
  String(validating: bytes, as: UTF8.self) == nil
    ? Array(String(decoding: bytes, as: UTF8.self).utf8) : bytes
}
