import TraceFormat

/// The recording of one process: what is defined in it, its threads, and where their events stand.
///
/// Nothing of the events is read before it is asked for, so a file of any size is open at once.
public final class TraceFile {
  public let path: String
  public private(set) var header: FileHeader
  /// What the file defines, by number. Nil where no function has the number, or it is lost.
  public private(set) var functions: [FunctionDefinition?] = [nil]
  /// The paths of source files, by number.
  public private(set) var sources: [[UInt8]?] = [nil]
  /// The names of functions written in C, by number.
  public private(set) var builtins: [[UInt8]?] = [nil]
  /// The threads, by number.
  public private(set) var threads: [Int: ThreadCell] = [:]
  /// What cannot be read.
  public private(set) var damage: [Damage] = []

  /// A chunk of events.
  struct Chunk {
    let offset: UInt64
    var header: ChunkHeader
  }

  /// The chunks of each thread, in order.
  private(set) var chunks: [Int: [Chunk]] = [:]
  /// The line of calls of each function, `Int32.min` where none is defined.
  private(set) var callLines: [Int32] = [.min]
  let bytes: FileBytes
  /// Up to where the file has been looked through.
  private var scanned: UInt64 = 0
  /// Chunks that still grow: definitions and cells, and up to where they have been read.
  private var growing: [(offset: UInt64, header: ChunkHeader, position: Int)] = []
  private var ranges: [(start: UInt64, end: UInt64)] = []
  private var largestNumber = 0

  /// Opens a recording.
  ///
  /// - Throws: `ReadingError` when it cannot be read, or is none, or was written by a newer swifttrace.
  public init(path: String) throws(ReadingError) {
    self.path = path
    bytes = try FileBytes(path: path)
    var head: [UInt8] = []
    do {
      bytes.read(Format.page, at: 0, into: &head)
      let size = try FileHeader.size(in: head.span)
      bytes.read(size, at: 0, into: &head)
      header = try FileHeader(decoding: head.span)
      scanned = UInt64(size)
    } catch {
      throw ReadingError(path: path, problem: "\(error)")
    }
    refresh()
  }

  /// Whether its process still runs and has not ended the recording.
  public var isBeingWritten: Bool {
    header.end == .open && isRunning(process: Int32(truncatingIfNeeded: header.processID))
  }

  /// Looks for what was added to the file.
  public func refresh() {
    let size = bytes.size
    // A number is never greater than what has room in the file.
    largestNumber = Int(size / 16) + 1
    var head: [UInt8] = []
    bytes.read(1, at: UInt64(FileHeader.endOffset), into: &head)
    if let end = head.first.flatMap({ FileHeader.End(rawValue: $0) }) { header.end = end }
    while scanned < size, let length = scanChunk(at: scanned, size: size) {
      scanned += UInt64(length)
    }
    for index in growing.indices { readOn(&growing[index]) }
    growing.removeAll { $0.header.used > 0 }
  }

  /// Takes in the chunk at an offset. Returns its length; nil where none has been written yet.
  private func scanChunk(at offset: UInt64, size: UInt64) -> Int? {
    var head: [UInt8] = []
    bytes.read(ChunkHeader.size, at: offset, into: &head)
    do {
      guard let header = try ChunkHeader.decode(head.span, at: offset) else {
        // The end of what was written; or a hole, behind which there is more.
        return nextChunk(behind: offset, size: size, problem: nil)
      }
      if offset + UInt64(header.length) > size {
        note(FormatError("the file ends within the chunk", at: offset))
      }
      take(header, at: offset)
      return Int(header.length)
    } catch {
      return nextChunk(behind: offset, size: size, problem: error)
    }
  }

  private func take(_ header: ChunkHeader, at offset: UInt64) {
    switch header.kind {
    case .free: break
    case .definitions, .threads: growing.append((offset, header, ChunkHeader.size))
    case .events:
      let thread = Int(header.thread)
      guard thread <= largestNumber else {
        return note(FormatError("a thread's number cannot be", at: offset + 12))
      }
      var known = chunks[thread] ?? []
      known.append(Chunk(offset: offset, header: header))
      // A chunk that has taken another's place stands before those that came earlier.
      var place = known.count - 1
      while place > 0, known[place - 1].header.sequence > header.sequence {
        known.swapAt(place, place - 1)
        place -= 1
      }
      chunks[thread] = known
      ranges.append((offset + UInt64(ChunkHeader.size), offset + UInt64(header.length)))
    }
  }

  /// Looks for the next chunk where there is none. Returns how far it is.
  private func nextChunk(behind offset: UInt64, size: UInt64, problem: FormatError?) -> Int? {
    var place = offset + UInt64(Format.page)
    var head: [UInt8] = []
    while place < size {
      bytes.read(ChunkHeader.size, at: place, into: &head)
      if let found = try? ChunkHeader.decode(head.span, at: place), found.length > 0 {
        note(problem ?? FormatError("a chunk is missing", at: offset))
        return Int(place - offset)
      }
      place += UInt64(Format.page)
    }
    guard let problem else { return nil }
    note(problem)
    return Int(size - offset)
  }

  private func readOn(_ chunk: inout (offset: UInt64, header: ChunkHeader, position: Int)) {
    var content: [UInt8] = []
    bytes.read(Int(chunk.header.length), at: chunk.offset, into: &content)
    guard content.count >= ChunkHeader.size,
      let header = try? ChunkHeader.decode(content.span, at: chunk.offset)
    else { return }
    chunk.header.used = header.used
    if chunk.header.kind == .threads {
      var position = ChunkHeader.size
      while let cell = ThreadCell(decoding: content.span, at: position) {
        if Int(cell.index) <= largestNumber { threads[Int(cell.index)] = cell }
        position += ThreadCell.size
      }
      return
    }
    do {
      let end = header.used > 0 ? min(Int(header.used), content.count) : content.count
      let span = content.span.extracting(0..<max(end, ChunkHeader.size))
      while let definition = try Definition.decode(
        span, at: &chunk.position, offset: chunk.offset)
      {
        define(definition, chunk.offset + UInt64(chunk.position))
      }
    } catch {
      note(error)
      chunk.header.used = 1  // Nothing more can be read of it.
    }
  }

  private func define(_ definition: Definition, _ offset: UInt64) {
    switch definition {
    case .file(let file): set(&sources, file.number, file.path, offset)
    case .function(let function):
      set(&functions, function.number, function, offset)
      while callLines.count < functions.count { callLines.append(.min) }
      if Int(function.number) < callLines.count {
        callLines[Int(function.number)] = function.callLine
      }
    case .builtin(let builtin): set(&builtins, builtin.number, builtin.name, offset)
    }
  }

  private func set<Content>(
    _ table: inout [Content?], _ number: UInt32, _ content: Content, _ offset: UInt64
  ) {
    guard Int(number) <= largestNumber, number > 0 else {
      return note(FormatError("a definition's number cannot be", at: offset))
    }
    while table.count <= Int(number) { table.append(nil) }
    table[Int(number)] = content
  }

  func note(_ error: FormatError) {
    // Bounded: a file that is all wrong says so a hundred times.
    guard damage.count < 100 else { return }
    damage.append(Damage(path: path, error: error))
  }

  /// The path of a function's source.
  public func source(of function: FunctionDefinition) -> [UInt8] {
    Int(function.file) < sources.count ? sources[Int(function.file)] ?? [] : []
  }

  /// The chunk's header as it is now, and its content.
  func content(of chunk: Chunk, into buffer: inout [UInt8]) -> ChunkHeader {
    bytes.read(Int(chunk.header.length), at: chunk.offset, into: &buffer)
    guard let header = try? ChunkHeader.decode(buffer.span, at: chunk.offset),
      header.kind == .events, header.sequence == chunk.header.sequence,
      header.thread == chunk.header.thread
    else {
      buffer.removeAll(keepingCapacity: true)  // Given up meanwhile.
      return chunk.header
    }
    let end = header.used > 0 ? Int(header.used) : buffer.count
    if end < buffer.count { buffer.removeLast(buffer.count - end) }
    buffer.removeFirst(min(ChunkHeader.size, buffer.count))
    return header
  }

  /// A text that an event names, by where it stands; nil where no text stands there.
  public func text(at offset: UInt64) -> [UInt8]? {
    guard let end = ranges.first(where: { $0.start <= offset && offset < $0.end })?.end else {
      return nil
    }
    var buffer: [UInt8] = []
    for count in [256, 1 << 17] {
      bytes.read(min(count, Int(end - offset)), at: offset, into: &buffer)
      if let text = EventDecoder.text(buffer.span, at: 0) { return text }
    }
    return nil
  }

  /// Events that are not in the file any more, or never were, of a thread: how many, and the times
  /// between which they were. Nil where none are missing.
  public func dropped(of thread: Int) -> (count: UInt64, from: UInt64, until: UInt64)? {
    guard let cell = threads[thread] else { return nil }
    // Given up were those before the first chunk that is left; and some may have found no room.
    let first = chunks[thread]?.first?.header
    let before = first?.eventsBefore ?? cell.events
    guard before &+ cell.dropped > 0 else { return nil }
    let from = before > 0 ? cell.firstTime : cell.droppedFrom
    let until = max(
      before > 0 ? first?.time ?? cell.lastTime : 0, cell.dropped > 0 ? cell.droppedUntil : 0)
    return (before &+ cell.dropped, from, until)
  }
}
