/// What a file knows of one thread: 128 bytes in a chunk of cells, which change while it runs.
public struct ThreadCell: Equatable, Sendable {
  /// Bytes of a cell.
  public static let size = 128
  /// Bytes of a name that are kept.
  public static let nameSize = 48

  /// Threads are numbered by their first event, from 0.
  public var index: UInt32 = 0
  /// The number that the system knows it by: `threading.get_native_id()`.
  public var nativeID: UInt64 = 0
  /// The number that Python knows it by: `threading.get_ident()`.
  public var identifier: UInt64 = 0
  /// When its first event was, in nanoseconds of CLOCK_MONOTONIC.
  public var firstTime: UInt64 = 0
  /// Events in the chunks that it has filled or given up.
  public var events: UInt64 = 0
  /// Events that found no room.
  public var dropped: UInt64 = 0
  /// When the first of those was, in nanoseconds of CLOCK_MONOTONIC; 0 where there is none.
  public var droppedFrom: UInt64 = 0
  /// When the last of those was.
  public var droppedUntil: UInt64 = 0
  /// When the last event was in the chunks that it has filled or given up.
  public var lastTime: UInt64 = 0
  /// Whether the thread is over.
  public var hasEnded = false
  /// Python's name of the thread, cut off after 48 bytes.
  public var name: [UInt8] = []

  /// The cell of a thread that has no event yet.
  public init() {}

  /// Where `events` stands in a cell, so that it can be changed in place.
  public static let eventsOffset = 32
  /// Where `dropped` and then its first and last time stand.
  public static let droppedOffset = 40
  /// Where `lastTime` stands.
  public static let lastOffset = 112
  private static let checkOffset = 120
  /// The bytes that change, and those of the check.
  private static let holes = [1..<2, 32..<64, 112..<128]
  /// Whether a cell that was read does not match its check.
  public private(set) var isDamaged = false

  /// The cell as it stands in the file: `size` bytes.
  public func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.append(UInt8(1))
    writer.append(UInt8(hasEnded ? 1 : 0))
    writer.append(UInt8(min(name.count, Self.nameSize)))
    writer.append(UInt8(0))
    writer.append(index)
    writer.append(nativeID)
    writer.append(identifier)
    writer.append(firstTime)
    writer.append(events)
    writer.append(dropped)
    writer.append(droppedFrom)
    writer.append(droppedUntil)
    for byte in name.prefix(Self.nameSize) { writer.append(byte) }
    writer.pad(to: Self.lastOffset)
    writer.append(lastTime)
    var whole = writer
    whole.pad(to: Self.size)
    writer.append(Checksum.of(whole.bytes.span, without: Self.holes))
    writer.pad(to: Self.size)
    return writer.bytes
  }

  /// Reads a cell; nil where none has been written.
  public init?(
    decoding bytes: Span<UInt8>, at position: Int, version: UInt16 = Format.version
  ) {
    var reader = ByteReader(bytes, at: position)
    guard reader.rest >= Self.size, reader.number(UInt8.self) == 1 else { return nil }
    hasEnded = reader.number(UInt8.self) == 1
    let count = min(Int(reader.number(UInt8.self) ?? 0), Self.nameSize)
    _ = reader.number(UInt8.self)
    index = reader.number() ?? 0
    nativeID = reader.number() ?? 0
    identifier = reader.number() ?? 0
    firstTime = reader.number() ?? 0
    events = reader.number() ?? 0
    dropped = reader.number() ?? 0
    droppedFrom = reader.number() ?? 0
    droppedUntil = reader.number() ?? 0
    for _ in 0..<count { name.append(reader.number() ?? 0) }
    reader = ByteReader(bytes, at: position + Self.lastOffset)
    lastTime = reader.number() ?? 0
    guard version >= Format.firstChecked else { return }
    isDamaged =
      reader.number(UInt32.self)
      != Checksum.of(
        bytes.extracting(position..<(position + Self.size)), without: Self.holes)
  }
}
