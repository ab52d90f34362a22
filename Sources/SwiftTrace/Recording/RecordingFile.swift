import CPlatform
import Glibc
import Synchronization
import TraceFormat

/// The file of a recording, as its writer sees it: chunks are reserved, mapped and given up.
///
/// Space is reserved before it is mapped, so that a full disk is an error here, and never a SIGBUS
/// in the path of an event.
final class RecordingFile {
  let path: [UInt8]
  private(set) var header: FileHeader
  private(set) var size: UInt64
  private var descriptor: OutputDescriptor
  private let page: Int
  /// False where the filesystem refuses a shared mapping.
  private(set) var isMapped = true
  /// What was reserved and is not in use: chunks of events that were closed, the oldest first. Kept
  /// only where the oldest make room for the newest.
  private var closed: [ClosedChunk] = []
  private var closedStart = 0
  /// Events of chunks whose place was taken.
  private(set) var reusedEvents: UInt64 = 0

  private struct ClosedChunk {
    let offset: UInt64
    let length: Int
    let events: UInt64
    /// When its last event was.
    let until: UInt64
  }

  /// The file takes no more chunks: its greatest size is reached, and nothing is left to evict, or
  /// it cannot be reached. Events are counted as dropped.
  struct NoRoom: Error {}

  /// Somebody has cut the file off while it was written.
  struct CutOff: Error, CustomStringConvertible {
    let description: String
  }

  /// The first page of the header, mapped as long as the recording runs, so that its end and what
  /// is lost can be stored if the file cannot be reached any more. `nil` if the filesystem has no
  /// shared mappings.
  private var head: MappedChunk?
  /// Whether the program has closed the descriptor, and the path leads elsewhere.
  private(set) var isUnreachable = false
  /// Whether the file was found shorter than it was made.
  private(set) var isCutOff = false

  /// Whether the file had no name any more when the recording ended.
  private(set) var isRemoved = false
  /// Chunks that are asked for before the path is tried again.
  private var waits = 0

  /// Creates the file.
  ///
  /// - Parameters:
  ///   - path: where; nothing may be there.
  ///   - header: what it begins with.
  /// - Throws: `SystemError`.
  init(path: [UInt8], header: FileHeader) throws {
    // Links are not followed: there must be nothing at the path.
    let descriptor = SystemCall.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode: 0o600)
    guard descriptor >= 0 else {
      throw SystemError(code: errno, subject: String(decoding: path, as: UTF8.self))
    }
    // The mask of the process may leave its owner out.
    fchmod(descriptor, 0o600)
    FileLock.take(descriptor)
    self.path = path
    self.header = header
    self.descriptor = OutputDescriptor(owning: descriptor)
    page = max(Format.page, sysconf(Int32(_SC_PAGESIZE)))
    size = 0
    let bytes = header.encoded()
    do {
      try reserve(bytes.count)
      try write(bytes, at: 0)
    } catch {
      _ = SystemCall.unlink(path)
      throw error
    }
    size = UInt64(bytes.count)
    CPlatform_handleBusErrors(true)
    do {
      let first = try map(page, at: 0)
      if first.isShared { head = first } else { first.unmap() }
    } catch {
      _ = SystemCall.unlink(path)
      throw error
    }
  }

  /// Bytes of definitions and threads' cells, which are never given up.
  private var lasting: UInt64 = 0

  /// What the system refused. The file says from now on that the recording could not go on.
  private func failure(_ code: Int32) -> SystemError {
    if size > 0 { fail() }
    return SystemError(code: code, subject: String(decoding: path, as: UTF8.self))
  }

  /// Whether a chunk of events of that length would exceed the limit. A part of the file is kept
  /// for definitions.
  func exceedsLimit(_ length: Int) -> Bool {
    let limit = header.maximumSize
    return limit > 0 && size + UInt64(length) > limit - max(limit / 16, 1 << 16)
  }

  /// Whether events may still be given up for definitions.
  var hasRoomForDefinitions: Bool { header.keepsLast && lasting < header.maximumSize / 2 - 1 << 14 }

  /// The length of all chunks of events where there is a limit.
  var limitedLength: Int {
    // The texts of one event have room in each.
    wholePages(min(max(Int(header.maximumSize / 64), 1 << (header.hasValues ? 15 : 14)), 1 << 20))
  }

  /// The length of a chunk that is to have so many bytes: whole pages.
  func wholePages(_ length: Int) -> Int { (length + page - 1) / page * page }

  /// Adds a chunk at the end. All of it is zero but the header, which is stored last.
  ///
  /// - Throws: `SystemError` when there is no room; `NoRoom` when the greatest size is reached.
  func addChunk(_ header: ChunkHeader) throws -> MappedChunk {
    try checkWhole()
    if isUnreachable, waits > 0 {
      waits -= 1
      throw NoRoom()
    }
    CPlatform_handleBusErrors(false)
    let length = Int(header.length)
    if header.kind != .events { lasting += UInt64(length) }
    let limit = self.header.maximumSize
    if limit > 0, size + UInt64(length) > limit {
      // Half of the file, or a little more for threads, may come to be of what lasts.
      let most = header.kind == .threads ? limit / 4 * 3 : limit / 2
      guard lasting <= most, let chunk = try reuseChunk(header) else {
        lasting -= UInt64(length)
        throw NoRoom()
      }
      return chunk
    }
    try reserve(length)
    let chunk = try map(length, at: size)
    size += UInt64(length)
    publish(header, in: chunk)
    return chunk
  }

  /// When the last event was of the chunk that would be given up next; nil where there is none.
  var oldestClosed: UInt64? { closedStart < closed.count ? closed[closedStart].until : nil }

  /// Takes the place of the oldest closed chunk; nil where there is none that is long enough.
  func reuseChunk(_ header: ChunkHeader) throws -> MappedChunk? {
    guard closedStart < closed.count, closed[closedStart].length >= Int(header.length) else {
      return nil
    }
    let oldest = closed[closedStart]
    let length = oldest.length
    closedStart += 1
    reusedEvents += oldest.events
    if closedStart > 1024 {
      closed.removeFirst(closedStart)
      closedStart = 0
    }
    let chunk = try map(length, at: oldest.offset)
    // Given up before it is emptied: at no time do old events stand under a new header.
    chunk.store(ChunkKind.free.rawValue, at: 4)
    atomicMemoryFence(ordering: .releasing)
    chunk.clear()
    atomicMemoryFence(ordering: .releasing)
    var header = header
    header.length = UInt32(length)
    publish(header, in: chunk)
    return chunk
  }

  /// Stores a chunk's header, and the word by which a reader knows it last.
  private func publish(_ header: ChunkHeader, in chunk: MappedChunk) {
    let bytes = header.encoded()
    chunk.store(Array(bytes[8...]), at: 8)
    chunk.publish(Array(bytes[..<8]), at: 0)
  }

  /// A chunk is full, or its thread is over.
  ///
  func close(_ chunk: MappedChunk) throws {
    let result = Result { try writeOut(chunk) }
    chunk.unmap()
    try result.get()
  }

  /// A chunk of events is full, or its thread is over. Its place may be taken when the limit is
  /// reached.
  ///
  /// - Parameters:
  ///   - events: how many.
  ///   - until: when the last one was.
  func close(_ chunk: MappedChunk, events: UInt64, until: UInt64) throws {
    if header.keepsLast, header.maximumSize > 0 {
      var place = closed.count
      while place > closedStart, closed[place - 1].until > until { place -= 1 }
      closed.insert(
        ClosedChunk(offset: chunk.offset, length: chunk.length, events: events, until: until),
        at: place)
    }
    try close(chunk)
  }

  /// Closes a chunk whose thread is over. What it does not use is given back where it is the file's
  /// end.
  func trim(_ chunk: MappedChunk, used: Int) throws {
    let used = wholePages(used)
    let isLast = chunk.offset + UInt64(chunk.length) == size
    guard isLast, used < chunk.length, !isCutOff, let number = try? currentDescriptor()
    else {
      return try close(chunk)
    }
    chunk.shorten(to: used)
    try close(chunk)
    let end = chunk.offset + UInt64(used)
    guard ftruncate(number, off_t(end)) == 0 else { throw failure(errno) }
    size = end
  }

  /// Writes a chunk that is no mapping, as it is now.
  func writeOut(_ chunk: MappedChunk) throws {
    guard !chunk.isShared else { return }
    try chunk.withBytes { try write($0, at: chunk.offset) }
  }

  /// The recording cannot go on: stores that in the header.
  func fail() {
    guard header.end == .open else { return }
    header.end = .failed
    try? storeEnd()
  }

  /// The recording is over: says so in the header.
  func finish() throws {
    defer {
      head?.unmap()
      head = nil
      CPlatform_ignoreBusErrors()
    }
    if header.end == .open, let number = try? currentDescriptor() {
      // A file that was cut off and is long again has no header any more.
      isCutOff = isCutOff || WritingProcess.of(number) == nil
      isRemoved = SystemCall.status(of: number)?.st_nlink == 0
    }
    let isWhole = Result { try checkWhole() }
    if header.end == .open {
      header.end = .stopped
      try storeEnd()
    }
    try isWhole.get()
  }

  /// - Throws: `CutOff` if the file is shorter than it was made.
  func checkWhole() throws {
    isCutOff = isCutOff || CPlatform_isCutOff()
    if !isCutOff, let length = try? descriptor.length() { isCutOff = length < size }
    guard isCutOff else { return }
    fail()
    throw CutOff(
      description:
        "\(String(decoding: path, as: UTF8.self)): the file was cut off while it was written")
  }

  /// Counts an event of a thread for which the file has no room either.
  func countLost(at time: UInt64) {
    if header.lost.count == 0 { header.lost.from = time }
    header.lost.count += 1
    header.lost.until = time
    guard let head else { return }
    head.store(header.lost.from, at: FileHeader.lostOffset + 8)
    head.store(header.lost.until, at: FileHeader.lostOffset + 16)
    head.store(header.lost.count, at: FileHeader.lostOffset)
  }

  /// Stores how the recording ended. By the mapping, because a program may have forbidden itself to
  /// write to files (`RLIMIT_FSIZE`) meanwhile, or made the file unreachable.
  private func storeEnd() throws {
    if let head {
      return head.store(header.endWord, at: FileHeader.endOffset)
    }
    try write(header.encoded(), at: 0)
  }

  private func map(_ length: Int, at offset: UInt64) throws -> MappedChunk {
    if isMapped {
      let descriptor = try currentDescriptor()
      if let chunk = MappedChunk(mapping: descriptor, length, at: offset) { return chunk }
      guard [ENODEV, EINVAL, EACCES, EPERM, ENOSYS, EOPNOTSUPP].contains(errno) else {
        throw failure(errno)
      }
      isMapped = false
    }
    guard let chunk = MappedChunk(allocating: length, at: offset) else { throw failure(ENOMEM) }
    return chunk
  }

  /// Makes the file longer by bytes that have their place on the disk.
  private func reserve(_ length: Int) throws {
    try checkLimit(size + UInt64(length))
    let result = CPlatform_reserve(try currentDescriptor(), size, UInt64(length))
    guard result == 0 else { throw failure(result) }
  }

  /// Refuses to write where the system would send SIGXFSZ: beyond `RLIMIT_FSIZE`. The signal ends a
  /// program that has not asked for it.
  private func checkLimit(_ end: UInt64) throws {
    if end > CPlatform_fileSizeLimit() { throw failure(EFBIG) }
  }

  /// The descriptor's number. A program that closes all descriptors has closed this one too; the
  /// file is still there, and most often at its path.
  ///
  /// - Throws: `NoRoom` if it is not. It is looked for again now and then.
  private func currentDescriptor() throws -> Int32 {
    if let number = try? descriptor.current() { return number }
    let number = SystemCall.open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard number >= 0 else {
      isUnreachable = true
      waits = 4096
      throw NoRoom()
    }
    let again = OutputDescriptor(owning: number)
    guard again.isSame(as: descriptor), let moved = try? again.current() else {
      isUnreachable = true
      waits = 4096
      throw NoRoom()
    }
    FileLock.take(moved)
    descriptor.forget()
    descriptor = again
    isUnreachable = false
    return moved
  }

  private func write(_ bytes: [UInt8], at offset: UInt64) throws {
    try write(bytes.span, at: offset)
  }

  private func write(_ bytes: Span<UInt8>, at offset: UInt64) throws {
    try checkLimit(offset + UInt64(bytes.count))
    guard SystemCall.write(bytes, to: try currentDescriptor(), at: offset) else {
      throw failure(errno)
    }
  }
}
