import Glibc
import Synchronization
import TraceFormat

/// The file of a recording, as its writer sees it: chunks are reserved, mapped and given up.
///
/// Space is reserved before it is mapped, so that a full disk is an error here, and never a SIGBUS in the
/// path of an event.
@safe final class RecordingFile {
  let path: [UInt8]
  private(set) var header: FileHeader
  private(set) var size: UInt64
  private var descriptor: OutputDescriptor
  private let page: Int
  /// False where the filesystem refuses a shared mapping.
  private(set) var isMapped = true
  /// What was reserved and is not in use: chunks of events that were closed, the oldest first. Kept only
  /// where the oldest make room for the newest.
  private var closed: [(offset: UInt64, length: Int, events: UInt64)] = []
  private var closedStart = 0
  /// Events of chunks whose place was taken.
  private(set) var reusedEvents: UInt64 = 0

  /// Creates the file.
  ///
  /// - Parameters:
  ///   - path: where; nothing may be there.
  ///   - header: what it begins with.
  /// - Throws: `SystemError`.
  init(path: [UInt8], header: FileHeader) throws {
    let name = path.map { CChar(bitPattern: $0) } + [0]
    let descriptor = unsafe open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw SystemError(code: errno, subject: String(decoding: path, as: UTF8.self))
    }
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
      unsafe unlink(name)
      throw error
    }
    size = UInt64(bytes.count)
  }

  private var subject: String { String(decoding: path, as: UTF8.self) }

  /// Whether a chunk of events of that length would exceed the limit. A part of the file is kept for
  /// definitions.
  func exceedsLimit(_ length: Int) -> Bool {
    let limit = header.maximumSize
    return limit > 0 && size + UInt64(length) > limit - max(limit / 16, 1 << 16)
  }

  /// The length of all chunks of events where there is a limit.
  var limitedLength: Int {
    wholePages(min(max(Int(header.maximumSize / 64), 1 << 14), 1 << 20))
  }

  /// The length of a chunk that is to have so many bytes: whole pages.
  func wholePages(_ length: Int) -> Int { (length + page - 1) / page * page }

  /// Adds a chunk at the end. All of it is zero but the header, which is stored last.
  ///
  /// - Throws: `SystemError` when there is no room.
  func addChunk(_ header: ChunkHeader) throws -> MappedChunk {
    let length = Int(header.length)
    if self.header.maximumSize > 0, size + UInt64(length) > self.header.maximumSize {
      throw SystemError(code: EFBIG, subject: "\(subject): no room for definitions")
    }
    try reserve(length)
    let chunk = unsafe try map(length, at: size)
    size += UInt64(length)
    unsafe publish(header, in: chunk)
    return unsafe chunk
  }

  /// Takes the place of the oldest closed chunk; nil where there is none.
  func reuseChunk(_ header: ChunkHeader) throws -> MappedChunk? {
    guard closedStart < closed.count else { return nil }
    let (offset, length, events) = closed[closedStart]
    closedStart += 1
    reusedEvents += events
    if closedStart > 1024 {
      closed.removeFirst(closedStart)
      closedStart = 0
    }
    let chunk = unsafe try map(length, at: offset)
    // Given up before it is emptied: at no time do old events stand under a new header.
    unsafe chunk.store(ChunkKind.free.rawValue, at: 4)
    atomicMemoryFence(ordering: .releasing)
    unsafe memset(chunk.base + ChunkHeader.size, 0, length - ChunkHeader.size)
    atomicMemoryFence(ordering: .releasing)
    var header = header
    header.length = UInt32(length)
    unsafe publish(header, in: chunk)
    return unsafe chunk
  }

  /// Stores a chunk's header, and the word by which a reader knows it last.
  private func publish(_ header: ChunkHeader, in chunk: MappedChunk) {
    let bytes = header.encoded()
    unsafe chunk.store(Array(bytes[8...]), at: 8)
    unsafe chunk.publish(Array(bytes[..<8]), at: 0)
  }

  /// A chunk is full, or its thread is over.
  ///
  /// - Parameter events: of a chunk of events: how many; its place may be taken when the limit is reached.
  func close(_ chunk: MappedChunk, events: UInt64? = nil) throws {
    let failure = Result { try unsafe writeOut(chunk) }
    if unsafe chunk.isShared { unsafe chunk.unmap() } else { unsafe chunk.base.deallocate() }
    if let events, header.keepsLast, header.maximumSize > 0 {
      unsafe closed.append((chunk.offset, chunk.length, events))
    }
    try failure.get()
  }

  /// Writes a chunk that is no mapping, as it is now.
  func writeOut(_ chunk: MappedChunk) throws {
    guard unsafe !chunk.isShared else { return }
    let bytes = unsafe UnsafeRawBufferPointer(start: chunk.base, count: chunk.length)
    try unsafe write(bytes, at: chunk.offset)
  }

  /// The recording is over: says so in the header, and cuts off what is not used.
  ///
  /// - Parameter usedSize: bytes of the file that are in use.
  func finish(_ end: FileHeader.End, usedSize: UInt64) throws {
    header.end = end
    try write([end.rawValue], at: UInt64(FileHeader.endOffset))
    guard usedSize < size else { return }
    guard ftruncate(try currentDescriptor(), off_t(usedSize)) == 0 else {
      throw SystemError(code: errno, subject: subject)
    }
    size = usedSize
  }

  private func map(_ length: Int, at offset: UInt64) throws -> MappedChunk {
    if isMapped {
      let base = unsafe mmap(
        nil, length, PROT_READ | PROT_WRITE, MAP_SHARED, try currentDescriptor(), off_t(offset))
      if let base = unsafe base, unsafe base != MAP_FAILED {
        // A child must not write into its parent's file.
        _ = unsafe madvise(base, length, MADV_DONTFORK)
        return unsafe MappedChunk(base: base, length: length, offset: offset, isShared: true)
      }
      guard [ENODEV, EINVAL, EACCES, EPERM, ENOSYS, EOPNOTSUPP].contains(errno) else {
        throw SystemError(code: errno, subject: subject)
      }
      isMapped = false
    }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: length, alignment: 16)
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: length)
    return unsafe MappedChunk(base: memory, length: length, offset: offset, isShared: false)
  }

  /// Makes the file longer by bytes that have their place on the disk.
  private func reserve(_ length: Int) throws {
    // Beyond RLIMIT_FSIZE the system would send SIGXFSZ, which ends a program that has not asked for it.
    var limit = rlimit()
    let end = size + UInt64(length)
    if unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0,
      limit.rlim_cur != UInt64(bitPattern: -1), end > limit.rlim_cur
    {
      throw SystemError(code: EFBIG, subject: subject)
    }
    let descriptor = try currentDescriptor()
    // Where the filesystem cannot reserve, the C library writes to every block.
    var result: Int32
    repeat {
      result = posix_fallocate(descriptor, off_t(size), off_t(length))
    } while result == EINTR
    guard result == 0 else { throw SystemError(code: result, subject: subject) }
  }

  /// The descriptor's number. A program that closes all descriptors has closed this one too; the file
  /// is still there.
  private func currentDescriptor() throws -> Int32 {
    if let number = try? descriptor.current() { return number }
    let name = path.map { CChar(bitPattern: $0) } + [0]
    let number = unsafe open(name, O_RDWR | O_CLOEXEC)
    guard number >= 0 else { throw SystemError(code: errno, subject: subject) }
    let again = OutputDescriptor(owning: number)
    guard again.isSame(as: descriptor) else { throw SystemError(code: EBADF, subject: subject) }
    descriptor.forget()
    descriptor = again
    return try again.current()
  }

  private func write(_ bytes: [UInt8], at offset: UInt64) throws {
    try unsafe bytes.withUnsafeBytes { try unsafe write($0, at: offset) }
  }

  private func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws {
    let descriptor = try currentDescriptor()
    var rest = unsafe bytes
    var offset = offset
    while let start = rest.baseAddress, rest.count > 0 {
      let written = unsafe pwrite(descriptor, start, rest.count, off_t(offset))
      if written >= 0 {
        unsafe rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        offset += UInt64(written)
      } else if errno != EINTR && errno != EAGAIN {
        throw SystemError(code: errno, subject: subject)
      }
    }
  }
}
