/// What a chunk holds.
public enum ChunkKind: UInt8, Sendable {
  /// Definitions: files, functions, functions written in C.
  case definitions = 1
  /// The cells of threads.
  case threads = 2
  /// Events of one thread, and the texts that they name.
  case events = 3
  /// Nothing any more: it was given up. No other kind becomes this one by the change of one bit.
  case free = 4
  /// Something that a newer writer adds, and that can be skipped. Never written.
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
  /// Bytes of a header.
  public static let size = 64
  static let magic: UInt32 = 0x4B4E_4843  // CHNK

  /// What the chunk holds.
  public var kind: ChunkKind
  /// Bytes of the chunk with this header: where the next one begins.
  public var length: UInt32
  /// Of events: the thread's index.
  public var thread: UInt32 = 0
  /// Of events: how many chunks the thread had before; some may have been given up since.
  public var sequence: UInt64 = 0
  /// Of events: nanoseconds of CLOCK_MONOTONIC at the chunk's start.
  public var time: UInt64 = 0
  /// Of events: the depth of the innermost traced frame at the start; -1 where there is none.
  public var depth: Int32 = -1
  /// Of events: the stack of frames at the start; greenlets have stacks of their own.
  public var stack: UInt32 = 0
  /// Of events: how many events the thread had recorded before.
  public var eventsBefore: UInt64 = 0
  /// The number of events in the chunk, once it is closed; 0 before.
  public var events: UInt32 = 0
  /// Bytes that are in use, this header included, once the chunk is closed; 0 before.
  public var used: UInt32 = 0
  /// The check of the content in use, once the chunk is closed; `nil` before, and in files without
  /// checks.
  public var check: UInt32?

  /// The header of a chunk that holds nothing yet.
  ///
  /// - Parameters:
  ///   - kind: what it is to hold.
  ///   - length: its bytes, the header included.
  public init(kind: ChunkKind, length: UInt32) {
    self.kind = kind
    self.length = length
  }

  /// The offset of `length` and the header's check: eight bytes that are stored at once, so that a
  /// chunk can be cut off behind what it uses.
  public static let lengthOffset = 8
  /// The offset of the content's check and `used`: eight bytes, stored at once when the chunk is
  /// closed.
  public static let closingOffset = 48
  /// The offset of `events`, which is stored before those.
  public static let eventsOffset = 56
  /// The bytes that change, and those of the check.
  private static let holes = [12..<16, 48..<60]

  /// The eight bytes at `lengthOffset` of a header that is to have another length.
  ///
  /// - Parameters:
  ///   - bytes: the header, 64 bytes.
  ///   - length: the chunk's new length, in bytes.
  public static func lengthWord(of bytes: [UInt8], length: UInt32) -> UInt64 {
    var bytes = bytes
    for index in 0..<4 {
      bytes[lengthOffset + index] = UInt8(truncatingIfNeeded: length >> (index * 8))
    }
    return UInt64(Checksum.of(bytes.span, without: holes)) << 32 | UInt64(length)
  }

  /// The seed of the content's check: the numbers that are stored with it are protected by it.
  public static func seed(events: UInt32, used: UInt32) -> UInt64 {
    UInt64(events) << 32 | UInt64(used)
  }

  /// The header as it stands in the file: `size` bytes.
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

  /// Reads a header.
  ///
  /// - Parameters:
  ///   - bytes: 64 bytes or more.
  ///   - offset: where they stand in the file, for messages.
  ///   - version: the file's.
  /// - Returns: nil where nothing has been written yet.
  /// - Throws: `FormatError` when this is no chunk's header.
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
