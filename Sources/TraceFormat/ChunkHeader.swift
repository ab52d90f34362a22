/// Kind of a chunk's content.
public enum ChunkKind: UInt8, Sendable {
  /// Definitions: files, functions, C functions.
  case definitions = 1
  /// The entries of threads.
  case threads = 2
  /// Events of one thread, and the strings that they refer to.
  case events = 3
  /// Evicted. The reader does not verify the check of such a header, and no kind that is written
  /// becomes this one by one flipped bit.
  case free = 4
  /// A kind of a newer writer, which readers may skip. Never written.
  case other = 16

  fileprivate init?(_ number: UInt8, version: UInt16) {
    if version < Format.firstChecked {
      guard number < Self.free.rawValue else { return nil }
      self = number == 0 ? .free : ChunkKind(rawValue: number)!
    } else if number >= Self.other.rawValue {
      self = .other
    } else {
      self.init(rawValue: number)
    }
  }
}

/// The first 64 bytes of a chunk.
public struct ChunkHeader: Equatable, Sendable {
  /// Size of a header in bytes.
  public static let size = 64
  static let magic: UInt32 = 0x4B4E_4843  // CHNK

  /// Kind of the content.
  public var kind: ChunkKind
  /// Length of the chunk in bytes, including this header.
  public var length: UInt32
  /// Index of the thread; only in chunks of events.
  public var thread: UInt32 = 0
  /// Number of earlier chunks of the thread, including evicted ones; only in chunks of events.
  public var sequence: UInt64 = 0
  /// Time at the chunk's start, in nanoseconds of CLOCK_MONOTONIC; only in chunks of events.
  public var time: UInt64 = 0
  /// Depth of the innermost traced frame at the start, or -1 if there is none; only in chunks of
  /// events.
  public var depth: Int32 = -1
  /// Stack of frames at the start: 0, or the number of a greenlet's stack; only in chunks of
  /// events.
  public var stack: UInt32 = 0
  /// Number of events in earlier chunks of the thread; only in chunks of events.
  public var eventsBefore: UInt64 = 0
  /// Number of events in the chunk once it is closed; 0 before.
  public var events: UInt32 = 0
  /// Number of bytes in use, including this header, once the chunk is closed; 0 before.
  public var used: UInt32 = 0
  /// Check of the content in use once the chunk is closed; `nil` before, and in files without
  /// checks.
  public var check: UInt32?

  /// Creates the header of an empty chunk.
  ///
  /// - Parameters:
  ///   - kind: kind of the content.
  ///   - length: length of the chunk in bytes, including the header.
  public init(kind: ChunkKind, length: UInt32) {
    self.kind = kind
    self.length = length
  }

  /// Offset of `length` and the header's check. These eight bytes are stored at once when a chunk
  /// is cut off after the bytes that it uses.
  public static let lengthOffset = 8
  /// Offset of the content's check and `used`. These eight bytes are stored at once when the chunk
  /// is closed.
  public static let closingOffset = 48
  /// Offset of `events`, which is stored before the bytes at `closingOffset`.
  public static let eventsOffset = 56
  /// Bytes that change, and bytes of the check.
  private static let holes = [12..<16, 48..<60]

  /// Returns the eight bytes at `lengthOffset` for a header with another length.
  ///
  /// - Parameters:
  ///   - bytes: the header, 64 bytes.
  ///   - length: new length of the chunk in bytes.
  public static func lengthWord(of bytes: [UInt8], length: UInt32) -> UInt64 {
    var bytes = bytes
    for index in 0..<4 {
      bytes[lengthOffset + index] = UInt8(truncatingIfNeeded: length >> (index * 8))
    }
    return UInt64(Checksum.of(bytes.span, without: holes)) << 32 | UInt64(length)
  }

  /// Returns the seed of the content's check, which so protects these two numbers too.
  public static func seed(events: UInt32, used: UInt32) -> UInt64 {
    UInt64(events) << 32 | UInt64(used)
  }

  /// Returns the header as stored in the file: `size` bytes.
  public func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.append(Self.magic)
    writer.append(kind.rawValue)
    writer.append(UInt8(0))
    writer.append(UInt16(0))
    writer.append(length)
    writer.append(UInt32(0))
    writer.append(sequence)
    writer.append(time)
    writer.append(depth)
    writer.append(stack)
    writer.append(eventsBefore)
    writer.append(check ?? 0)
    writer.append(used)
    writer.append(events)
    writer.append(thread)
    var bytes = writer.bytes
    let word = Self.lengthWord(of: bytes, length: length)
    for index in 0..<8 {
      bytes[Self.lengthOffset + index] = UInt8(truncatingIfNeeded: word >> (index * 8))
    }
    return bytes
  }

  /// Decodes a header.
  ///
  /// - Parameters:
  ///   - bytes: 64 bytes or more.
  ///   - offset: offset of `bytes` in the file, for messages.
  ///   - version: format version of the file.
  /// - Returns: `nil` if no chunk has been written there yet.
  /// - Throws: `FormatError` if the bytes are not a valid header.
  public static func decode(
    _ bytes: Span<UInt8>, at offset: UInt64, version: UInt16 = Format.version
  ) throws(FormatError) -> ChunkHeader? {
    var reader = ByteReader(bytes)
    guard bytes.count >= size, let magic = reader.number(UInt32.self) else {
      throw FormatError("the file ends within a chunk's header", at: offset)
    }
    guard magic != 0 else { return nil }
    guard magic == Self.magic,
      let kind = ChunkKind(reader.number() ?? 255, version: version)
    else { throw FormatError("no chunk begins here", at: offset) }
    let isChecked = version >= Format.firstChecked
    reader = ByteReader(bytes, at: 8)
    var header = ChunkHeader(kind: kind, length: reader.number() ?? 0)
    let second = reader.number(UInt32.self) ?? 0
    if isChecked, kind != .free, second != Checksum.of(bytes.extracting(0..<size), without: holes) {
      throw FormatError("the header of a chunk is damaged", at: offset)
    }
    guard Int(header.length) >= size, Int(header.length) % Format.page == 0,
      Int(header.length) <= Format.largestChunk
    else { throw FormatError("a chunk's length cannot be", at: offset + 8) }
    header.sequence = reader.number() ?? 0
    header.time = reader.number() ?? 0
    header.depth = reader.number() ?? 0
    header.stack = reader.number() ?? 0
    header.eventsBefore = reader.number() ?? 0
    let third = reader.number(UInt32.self) ?? 0
    header.used = reader.number() ?? 0
    if isChecked {
      header.events = reader.number() ?? 0
      header.thread = reader.number() ?? 0
      header.check = header.used == 0 ? nil : third
      if header.used == 0 { header.events = 0 }
      guard header.used > 0 || third == 0 else {
        throw FormatError("a chunk has a check and no bytes in use", at: offset + 52)
      }
    } else {
      header.events = third
      header.thread = second
    }
    guard header.used <= header.length else {
      throw FormatError("a chunk has more bytes in use than it has", at: offset + 52)
    }
    return header
  }
}
