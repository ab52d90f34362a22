import CPlatform
import Glibc
import Synchronization
import TraceFormat

/// The file of a recording, from its writer's view: reserves, maps and evicts chunks.
///
/// Space is reserved before it is mapped, so that a full disk is an error here, and not a SIGBUS at
/// an event.
final class RecordingFile {
  let path: [UInt8]
  private(set) var header: FileHeader
  private(set) var size: UInt64
  private var descriptor: OutputDescriptor
  private let page: Int
  /// Whether chunks are mapped. False if the filesystem refuses shared mappings.
  private(set) var isMapped = true
  /// Closed chunks of events that can be reused, oldest first. Empty unless the oldest events are
  /// evicted for the newest.
  private var closed: [ClosedChunk] = []
  private var closedStart = 0
  /// Number of events that were evicted.
  private(set) var reusedEvents: UInt64 = 0

  private struct ClosedChunk {
    let offset: UInt64
    let length: Int
    let events: UInt64
    /// Time of its last event, in nanoseconds.
    let until: UInt64
  }

  /// The file takes no more chunks: the maximum size is reached and there is nothing left to evict,
  /// or the file is unreachable. Events are counted as dropped.
  struct NoRoom: Error {}

  /// Another process or the program has truncated the file while it was written.
  struct CutOff: Error, CustomStringConvertible {
    let description: String
  }

  /// The first page of the header, mapped as long as the recording runs, so that its end and the
  /// dropped events can be stored even if the file becomes unreachable. `nil` if the filesystem has
  /// no shared mappings.
  private var head: MappedChunk?
  /// Whether the program has closed the descriptor, and the path does not lead to the file.
  private(set) var isUnreachable = false
  /// Whether the file was found shorter than the recording made it.
  private(set) var isCutOff = false

  /// Whether the file had no name when the recording ended.
  private(set) var isRemoved = false
  /// Number of requests for chunks that fail before the path is tried again.
  private var waits = 0

  /// Creates the file.
  ///
  /// - Parameters:
  ///   - path: the path of the file, which must not exist.
  ///   - header: the header to write.
  /// - Throws: `SystemError`.
  init(path: [UInt8], header: FileHeader) throws {
    // Links are not followed: the path must not exist.
    let descriptor = SystemCall.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode: 0o600)
    guard descriptor >= 0 else {
      throw SystemError(code: errno, subject: String(decoding: path, as: UTF8.self))
    }
    // The umask of the process may deny access to the owner.
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

  /// Bytes of definitions and thread entries, which are never evicted.
  private var lasting: UInt64 = 0

  /// Returns the error of a failed system call, after storing in the file that the recording could
  /// not continue.
  private func failure(_ code: Int32) -> SystemError {
    if size > 0 { fail() }
    return SystemError(code: code, subject: String(decoding: path, as: UTF8.self))
  }

  /// Whether a chunk of events of this length would exceed the limit. A part of the file is kept
  /// free for definitions.
  func exceedsLimit(_ length: Int) -> Bool {
    let limit = header.maximumSize
    return limit > 0 && size + UInt64(length) > limit - max(limit / 16, 1 << 16)
  }

  /// Whether more events may be evicted for definitions.
  var hasRoomForDefinitions: Bool { header.keepsLast && lasting < header.maximumSize / 2 - 1 << 14 }

  /// Length of every chunk of events in bytes, if the size is limited.
  var limitedLength: Int {
    // Large enough for the strings of one event.
    wholePages(min(max(Int(header.maximumSize / 64), 1 << (header.hasValues ? 15 : 14)), 1 << 20))
  }

  /// Rounds a length in bytes up to whole pages.
  func wholePages(_ length: Int) -> Int { (length + page - 1) / page * page }

  /// Adds a chunk, at the end of the file or in place of an evicted one. It is all zeros but the
  /// header, which is stored last.
  ///
  /// - Throws: `SystemError` if the disk is full; `NoRoom` if the maximum size is reached;
  ///   `CutOff`.
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
      // Definitions may use half of the file; thread entries a little more.
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

  /// Time of the last event in the chunk to evict next; `nil` if there is none.
  var oldestClosed: UInt64? { closedStart < closed.count ? closed[closedStart].until : nil }

  /// Evicts the oldest closed chunk and returns its space; `nil` if there is none, or it is too
  /// short.
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
    // Marked as free before it is cleared, so that old events never follow a new header.
    chunk.store(ChunkKind.free.rawValue, at: 4)
    atomicMemoryFence(ordering: .releasing)
    chunk.clear()
    atomicMemoryFence(ordering: .releasing)
    var header = header
    header.length = UInt32(length)
    publish(header, in: chunk)
    return chunk
  }

  /// Stores a chunk's header. The word by which a reader recognizes it comes last.
  private func publish(_ header: ChunkHeader, in chunk: MappedChunk) {
    let bytes = header.encoded()
    chunk.store(Array(bytes[8...]), at: 8)
    chunk.publish(Array(bytes[..<8]), at: 0)
  }

  /// Closes a chunk that is full or whose thread has ended.
  func close(_ chunk: MappedChunk) throws {
    let result = Result { try writeOut(chunk) }
    chunk.unmap()
    try result.get()
  }

  /// Closes a chunk of events that is full or whose thread has ended. It can be evicted from now
  /// on.
  ///
  /// - Parameters:
  ///   - events: number of events in the chunk.
  ///   - until: time of the last event, in nanoseconds.
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

  /// Closes the last chunk of a thread. If it is at the end of the file, its unused pages are
  /// removed.
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

  /// Writes the current contents of a chunk that is not mapped.
  func writeOut(_ chunk: MappedChunk) throws {
    guard !chunk.isShared else { return }
    try chunk.withBytes { try write($0, at: chunk.offset) }
  }

  /// Stores in the header that the recording could not continue.
  func fail() {
    guard header.end == .open else { return }
    header.end = .failed
    try? storeEnd()
  }

  /// Stores in the header that the recording has ended.
  func finish() throws {
    defer {
      head?.unmap()
      head = nil
      CPlatform_ignoreBusErrors()
    }
    if header.end == .open, let number = try? currentDescriptor() {
      // A file that was truncated and has grown again has lost its header.
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

  /// Fails if the file was truncated.
  ///
  /// - Throws: `CutOff`.
  func checkWhole() throws {
    isCutOff = isCutOff || CPlatform_isCutOff()
    if !isCutOff, let length = try? descriptor.length() { isCutOff = length < size }
    guard isCutOff else { return }
    fail()
    throw CutOff(
      description:
        "\(String(decoding: path, as: UTF8.self)): the file was cut off while it was written")
  }

  /// Counts a dropped event of a thread whose entry found no space either.
  func countLost(at time: UInt64) {
    if header.lost.count == 0 { header.lost.from = time }
    header.lost.count += 1
    header.lost.until = time
    guard let head else { return }
    head.store(header.lost.from, at: FileHeader.lostOffset + 8)
    head.store(header.lost.until, at: FileHeader.lostOffset + 16)
    head.store(header.lost.count, at: FileHeader.lostOffset)
  }

  /// Stores how the recording ended. Uses the mapping, because the program may have limited the
  /// size of files (`RLIMIT_FSIZE`) or made the file unreachable.
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

  /// Extends the file by bytes that are allocated on the disk.
  private func reserve(_ length: Int) throws {
    try checkLimit(size + UInt64(length))
    let result = CPlatform_reserve(try currentDescriptor(), size, UInt64(length))
    guard result == 0 else { throw failure(result) }
  }

  /// Fails if the kernel would send SIGXFSZ for a write beyond `RLIMIT_FSIZE`. The signal ends a
  /// program that does not handle it.
  private func checkLimit(_ end: UInt64) throws {
    if end > CPlatform_fileSizeLimit() { throw failure(EFBIG) }
  }

  /// Returns the descriptor's number. If the program has closed the descriptor, for example
  /// together with all others, the file is opened again by its path.
  ///
  /// - Throws: `NoRoom` if the file is not at its path. The path is tried again after 4096 requests
  ///   for chunks.
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
