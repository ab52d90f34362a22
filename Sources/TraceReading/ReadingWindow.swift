import TraceFormat

/// The part of a chunk that is being read.
///
/// All threads of a reader share one window, so its memory does not grow with the number of threads
/// or the length of chunks.
struct ReadingWindow {
  private(set) var bytes: [UInt8] = []
  /// Offsets in the chunk's content at which the bytes begin, and from which no record begins.
  private(set) var base = 0
  private(set) var end = 0
  /// Whether the bytes include the end of the content.
  private(set) var isLast = false
  /// The chunk's header when it was last read.
  private(set) var header = ChunkHeader(kind: .free, length: 0)
  private var file: ObjectIdentifier?
  private var offset: UInt64 = 0

  /// Number of bytes to read at once.
  private static let size = 1 << 16

  /// Loads the bytes from a position on, unless the window has them.
  ///
  /// - Parameters:
  ///   - position: offset in the chunk's content, in bytes.
  ///   - least: number of bytes that must be loaded, unless the content ends before.
  /// - Returns: false if the chunk was evicted.
  mutating func load(_ chunk: Chunk, of file: TraceFile, at position: Int, least: Int) -> Bool {
    let isSame =
      self.file == ObjectIdentifier(file) && offset == chunk.offset
      && header.sequence == chunk.header.sequence && header.thread == chunk.header.thread
    if isSame, position >= base, position < end, isLast || base + bytes.count - position >= least {
      return true
    }
    self.file = nil
    // A chunk is loaded in several windows; the file checks it only once.
    defer { if header.used > 0 { file.check(header, at: chunk.offset) } }
    var head: [UInt8] = []
    header = chunk.header
    if header.used == 0 || file.header.keepsLast {
      guard let now = Self.header(of: chunk, file, &head) else { return false }
      header = now
    }
    let limit = Int(header.used > 0 ? header.used : chunk.header.length)
    let content = max(0, limit - ChunkHeader.size)
    let start = chunk.start + UInt64(position)
    let wanted = max(0, min(max(Self.size, least), content - position))
    file.bytes.read(wanted, at: start, into: &bytes)
    base = position
    end = position + bytes.count
    if header.used == 0 {
      // The writer may be storing at this moment, so the last bytes may have been read
      // half-written. All bytes that the first read found are complete in the second.
      end = position + ((bytes.lastIndex { $0 != 0 }).map { $0 + 1 } ?? 0)
      file.bytes.read(bytes.count, at: start, into: &bytes)
    }
    isLast = position + bytes.count >= content || bytes.count < wanted
    if file.header.keepsLast, Self.header(of: chunk, file, &head) == nil { return false }
    self.file = ObjectIdentifier(file)
    offset = chunk.offset
    return true
  }

  private static func header(of chunk: Chunk, _ file: TraceFile, _ head: inout [UInt8])
    -> ChunkHeader?
  {
    file.bytes.read(ChunkHeader.size, at: chunk.offset, into: &head)
    guard
      let now = try? ChunkHeader.decode(
        head.span, at: chunk.offset, version: file.header.version), now.kind == .events,
      now.sequence == chunk.header.sequence, now.thread == chunk.header.thread
    else { return nil }
    return now
  }

  /// Discards the bytes, because they may be outdated.
  mutating func forget() { file = nil }
}
