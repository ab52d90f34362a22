/// What a chunk holds.
public enum ChunkKind: UInt8, Sendable {
  /// Nothing any more: it was given up.
  case free = 0
  /// Definitions: files, functions, functions written in C.
  case definitions = 1
  /// The cells of threads.
  case threads = 2
  /// Events of one thread, and the texts that they name.
  case events = 3
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
  /// Of events: how many are in the chunk, once it is full; 0 before.
  public var events: UInt32 = 0
  /// Bytes that are in use, this header included, once the chunk is full; 0 before.
  public var used: UInt32 = 0

  /// The header of a chunk that holds nothing yet.
  ///
  /// - Parameters:
  ///   - kind: what it is to hold.
  ///   - length: its bytes, the header included.
  public init(kind: ChunkKind, length: UInt32) {
    self.kind = kind
    self.length = length
  }

  /// Where `length` stands, so that a chunk can be cut off behind what it uses.
  public static let lengthOffset = 8

  /// Where `events` and then `used` stand, so that they can be written when the chunk is full.
  public static let closingOffset = 48

  /// The header as it stands in the file: `size` bytes.
  public func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.append(Self.magic)
    writer.append(kind.rawValue)
    writer.append(UInt8(0))
    writer.append(UInt16(0))
    writer.append(length)
    writer.append(thread)
    writer.append(sequence)
    writer.append(time)
    writer.append(depth)
    writer.append(stack)
    writer.append(eventsBefore)
    writer.append(events)
    writer.append(used)
    writer.pad(to: Self.size)
    return writer.bytes
  }

  /// Reads a header.
  ///
  /// - Parameters:
  ///   - bytes: 64 bytes or more.
  ///   - offset: where they stand in the file, for messages.
  /// - Returns: nil where nothing has been written yet.
  /// - Throws: `FormatError` when this is no chunk's header.
  public static func decode(_ bytes: Span<UInt8>, at offset: UInt64) throws(FormatError)
    -> ChunkHeader?
  {
    var reader = ByteReader(bytes)
    guard bytes.count >= size, let magic = reader.number(UInt32.self) else {
      throw FormatError("the file ends within a chunk's header", at: offset)
    }
    guard magic != 0 else { return nil }
    guard magic == Self.magic, let kind = ChunkKind(rawValue: reader.number() ?? 255) else {
      throw FormatError("no chunk begins here", at: offset)
    }
    reader = ByteReader(bytes, at: 8)
    var header = ChunkHeader(kind: kind, length: reader.number() ?? 0)
    guard Int(header.length) >= size, Int(header.length) % Format.page == 0,
      Int(header.length) <= Format.largestChunk
    else { throw FormatError("a chunk's length cannot be", at: offset + 8) }
    header.thread = reader.number() ?? 0
    header.sequence = reader.number() ?? 0
    header.time = reader.number() ?? 0
    header.depth = reader.number() ?? 0
    header.stack = reader.number() ?? 0
    header.eventsBefore = reader.number() ?? 0
    header.events = reader.number() ?? 0
    header.used = reader.number() ?? 0
    guard header.used <= header.length else {
      throw FormatError("a chunk has more bytes in use than it has", at: offset + 52)
    }
    return header
  }
}
