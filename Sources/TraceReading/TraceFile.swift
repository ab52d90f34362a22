import TraceFormat

/// The recording of one process: its definitions, its threads, and the positions of their events.
///
/// Opening a file reads only its header, so a file of any size opens at once. The rest is scanned
/// when some of it is first requested, and events are read one batch at a time. The memory in use
/// is a small part of the file's size.
public final class TraceFile {
  /// Path of the file; bytes that are not UTF-8 become U+FFFD.
  public var path: String { String(decoding: pathBytes, as: UTF8.self) }
  let pathBytes: [UInt8]
  /// Describes the process, and how it was recorded.
  public private(set) var header: FileHeader

  let bytes: FileBytes
  /// Offset of the first chunk.
  private let start: UInt64
  /// Contents found by scanning the file; nil before the first scan.
  private var found: FileContents?
  private var numbering: (count: Int, numbers: ThreadNumbering)?
  private var texts = TextCache()
  /// Number of bytes that have been read for strings.
  private var textBytes: UInt64 = 0
  private var fruitlessLooks = 0
  /// Messages about the reader's limits that were reached.
  var hasReached: Set<String> = []

  /// Opens a recording.
  ///
  /// - Throws: `ReadingError` if the file cannot be read, is not a recording, or was written by a
  ///   newer swifttrace.
  public convenience init(path: String) throws(ReadingError) {
    try self.init(path: Array(path.utf8))
  }

  /// Opens a recording whose path may not be UTF-8.
  ///
  /// - Parameter path: path of the file, in the system's bytes.
  /// - Throws: `ReadingError` if the file cannot be read, is not a recording, or was written by a
  ///   newer swifttrace.
  public convenience init(path: [UInt8]) throws(ReadingError) {
    try self.init(FileBytes(path: path), path: path)
  }

  init(_ bytes: FileBytes, path: [UInt8]) throws(ReadingError) {
    pathBytes = path
    self.bytes = bytes
    (header, start) = try Self.header(of: bytes, path)
  }

  /// Returns the header of a file, and the header's size in bytes.
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

  /// The functions, by number. Nil if no function has the number, or its definition is lost.
  public var functions: [FunctionDefinition?] { contents.definitions.functions }
  /// The paths of source files, by number.
  public var sources: [[UInt8]?] { contents.definitions.sources }
  /// The names of C functions, by number.
  public var builtins: [[UInt8]?] { contents.definitions.builtins }
  /// The end of the program; nil if it is not recorded.
  public var programEnd: ProgramEnd? { contents.definitions.end }
  var callLines: [Int32] { contents.definitions.callLines }
  /// The thread directory's entries, by the thread's index.
  public var threads: [Int: ThreadCell] { contents.threads }
  var chunks: ChunkList { contents.chunks }
  /// Names and numbers that distinguish the threads, as of the last look at the file.
  var threadNumbering: ThreadNumbering {
    let threads = contents.threads
    if let (count, known) = numbering, count == threads.count { return known }
    let new = ThreadNumbering(threads)
    numbering = (threads.count, new)
    return new
  }
  /// The parts of the file that cannot be read.
  public var damage: [Damage] { contents.problems.map { Damage(path: path, error: $0) } }

  /// Returns the function with a number, or nil if there is none or its definition is lost.
  public func function(_ number: UInt32) -> FunctionDefinition? {
    let table = contents.definitions
    return Int(number) < table.functions.count ? table.functions[Int(number)] : nil
  }

  /// Returns the name of the C function with a number, or nil if there is none or its definition is
  /// lost.
  public func cFunction(_ number: UInt32) -> [UInt8]? {
    let table = contents.definitions
    return Int(number) < table.builtins.count ? table.builtins[Int(number)] : nil
  }

  /// Returns the path of a function's source file; empty if it is lost.
  public func source(of function: FunctionDefinition) -> [UInt8] {
    let (table, number) = (contents.definitions, Int(function.file))
    return number < table.sources.count ? table.sources[number] ?? [] : []
  }

  /// Whether the process still runs and has not ended the recording.
  public var isBeingWritten: Bool { header.isBeingWritten }

  /// Looks for what was added to the file since the last look.
  public func refresh() { _ = look() }

  private func look() -> FileContents {
    // The process may have updated the header.
    var head: [UInt8] = []
    bytes.read(Int(start), at: 0, into: &head)
    if let now = try? FileHeader(decoding: head.span) { header = now }
    let contents = found ?? FileContents(bytes, header, from: start)
    found = contents
    contents.lookOn(header)
    return contents
  }

  /// Looks at the file again, and returns whether functions have been defined since the last look:
  /// a running program's events may be newer than that.
  func hasNewFunctions() -> Bool {
    // Bounded, because a damaged file may refer to unknown functions in many places.
    guard header.end == .open, fruitlessLooks < 16 else { return false }
    let known = callLines.count
    refresh()
    if callLines.count == known { fruitlessLooks += 1 }
    return callLines.count > known
  }

  func note(_ error: FormatError) { contents.note(error) }

  /// Compares the checksum of a closed chunk with its content, once.
  func check(_ header: ChunkHeader, at offset: UInt64) { contents.check(header, at: offset) }

  /// Returns the string at an offset that an event refers to, or nil if there is none.
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

  /// Returns the number of a thread's events that were evicted or never stored, and the times
  /// between which they occurred. Nil if no events are missing.
  public func dropped(of thread: Int) -> (count: UInt64, from: UInt64, until: UInt64)? {
    guard let cell = threads[thread] else { return nil }
    // Events before the first chunk that is left were evicted. Others may have found no space.
    let first = chunks.first(of: thread)?.header
    let before = first?.eventsBefore ?? cell.events
    guard before &+ cell.dropped > 0 else { return nil }
    let from = before > 0 ? cell.firstTime : cell.droppedFrom
    let until = max(
      before > 0 ? first?.time ?? cell.lastTime : 0, cell.dropped > 0 ? cell.droppedUntil : 0)
    return (before &+ cell.dropped, from, until)
  }
}
