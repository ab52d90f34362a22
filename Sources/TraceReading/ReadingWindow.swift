import TraceFormat

/// The part of a chunk that is being read: one for all threads of a reader, so that memory does not
/// grow with their number, nor with the length of chunks.
struct ReadingWindow {
  private(set) var bytes: [UInt8] = []
  /// Where in the chunk's content the bytes begin, and where in it no record begins any more.
  private(set) var base = 0
  private(set) var end = 0
  /// Whether the content ends with the bytes.
  private(set) var isLast = false
  /// The chunk's header, as it was last.
  private(set) var header = ChunkHeader(kind: .free, length: 0)
  private var file: ObjectIdentifier?
  private var offset: UInt64 = 0

  /// How much is read at once.
  private static let size = 1 << 16

  /// Sees to it that the bytes from a position on are there.
  ///
  /// - Parameters:
  ///   - position: in the chunk's content.
  ///   - least: how many bytes must be there, unless the content ends before.
  /// - Returns: false where the chunk was given up.
  mutating func load(_ chunk: Chunk, of file: TraceFile, at position: Int, least: Int) -> Bool {
    let isSame =
      self.file == ObjectIdentifier(file) && offset == chunk.offset
      && header.sequence == chunk.header.sequence && header.thread == chunk.header.thread
    if isSame, position >= base, position < end, isLast || base + bytes.count - position >= least {
      return true
    }
    self.file = nil
    // Each window of a chunk of values begins anew where texts were looked up; the check is made
    // once.
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
      // It may be written to at this moment, and what was just stored have been read by halves.
      // What was there at the first reading is whole at the second.
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

  /// What was read may be outdated.
  mutating func forget() { file = nil }
}
