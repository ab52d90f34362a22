import TraceFormat

/// The recording of one process: what is defined in it, its threads, and where their events stand.
///
/// To open a file is to read its header, so a file of any size is open at once. The rest is looked through
/// when something of it is first asked for; events are read when they are. The memory that it takes is
/// a small part of the file's size.
public final class TraceFile {
  /// The file; what is not UTF-8 in it shows as U+FFFD.
  public var path: String { String(decoding: pathBytes, as: UTF8.self) }
  let pathBytes: [UInt8]
  /// The file's description of the process, and of how it was recorded.
  public private(set) var header: FileHeader

  let bytes: FileBytes
  /// The offset of the first chunk.
  private let start: UInt64
  /// The contents that a scan of the file found; nil before.
  private var found: FileContents?
  private var numbering: (count: Int, numbers: ThreadNumbering)?
  private var texts = TextCache()
  /// Bytes that were read for texts.
  private var textBytes: UInt64 = 0
  private var fruitlessLooks = 0
  /// Bounds of the reader that were reached, in words.
  var hasReached: Set<String> = []

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
    (header, start) = try Self.header(of: bytes, path)
  }

  /// The header of a file, and its size.
  private static func header(of bytes: FileBytes, _ path: [UInt8]) throws(ReadingError) -> (
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

  private var contents: FileContents { found ?? look() }

  /// The functions, by number. Nil if no function has the number, or it is lost.
  public var functions: [FunctionDefinition?] { contents.definitions.functions }
  /// The paths of source files, by number.
  public var sources: [[UInt8]?] { contents.definitions.sources }
  /// The names of functions written in C, by number.
  public var builtins: [[UInt8]?] { contents.definitions.builtins }
  var callLines: [Int32] { contents.definitions.callLines }
  /// The threads, by number.
  public var threads: [Int: ThreadCell] { contents.threads }
  var chunks: ChunkList { contents.chunks }
  /// Names and numbers that distinguish the threads, as of the last look at them.
  var threadNumbering: ThreadNumbering {
    let threads = contents.threads
    if let (count, known) = numbering, count == threads.count { return known }
    let new = ThreadNumbering(threads)
    numbering = (threads.count, new)
    return new
  }
  /// The parts that cannot be read.
  public var damage: [Damage] { contents.problems.map { Damage(path: path, error: $0) } }

  /// The function of a number; nil where none has it, or it is lost.
  public func function(_ number: UInt32) -> FunctionDefinition? {
    let table = contents.definitions
    return Int(number) < table.functions.count ? table.functions[Int(number)] : nil
  }

  /// The name of the function written in C of a number; nil where none has it, or it is lost.
  public func cFunction(_ number: UInt32) -> [UInt8]? {
    let table = contents.definitions
    return Int(number) < table.builtins.count ? table.builtins[Int(number)] : nil
  }

  /// The path of a function's source.
  public func source(of function: FunctionDefinition) -> [UInt8] {
    let (table, number) = (contents.definitions, Int(function.file))
    return number < table.sources.count ? table.sources[number] ?? [] : []
  }

  /// Whether its process still runs and has not ended the recording.
  public var isBeingWritten: Bool { header.isBeingWritten }

  /// Looks for what was added to the file.
  public func refresh() { _ = look() }

  private func look() -> FileContents {
    // Parts of the header may have changed.
    var head: [UInt8] = []
    bytes.read(Int(start), at: 0, into: &head)
    if let now = try? FileHeader(decoding: head.span) { header = now }
    let contents = found ?? FileContents(bytes, header, from: start)
    found = contents
    contents.lookOn(header)
    return contents
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

  func note(_ error: FormatError) { contents.note(error) }

  /// Compares a closed chunk with its check, once.
  func check(_ header: ChunkHeader, at offset: UInt64) { contents.check(header, at: offset) }

  /// A text that an event names, by where it stands; nil where no text stands there.
  public func text(at offset: UInt64) -> [UInt8]? {
    guard let chunk = contents.chunks.chunk(around: offset) else { return nil }
    contents.check(chunk.header, at: chunk.offset)
    let end = chunk.end
    return texts.text(at: offset) {
      if textBytes > ReadingLimits.leastOutput, textBytes > size &* ReadingLimits.growth {
        if hasReached.insert("texts").inserted {
          note(
            FormatError("texts are named again and again: from here on they are lost", at: offset))
        }
        return nil
      }
      var buffer: [UInt8] = []
      for count in [256, EventDecoder.longestRecord] {
        bytes.read(min(count, Int(end - offset)), at: offset, into: &buffer)
        textBytes &+= UInt64(buffer.count)
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
