/// The entry of one thread in the thread directory: 128 bytes in a chunk of entries, which change
/// while the thread runs.
public struct ThreadCell: Equatable, Sendable {
  /// Size of an entry in bytes.
  public static let size = 128
  /// Maximum length of a name in bytes.
  public static let nameSize = 48

  /// Index of the thread. Threads are numbered by their first event, from 0.
  public var index: UInt32 = 0
  /// Thread ID of the system: `threading.get_native_id()`.
  public var nativeID: UInt64 = 0
  /// Thread ID of Python: `threading.get_ident()`.
  public var identifier: UInt64 = 0
  /// Time of the first event, in nanoseconds of CLOCK_MONOTONIC.
  public var firstTime: UInt64 = 0
  /// Number of events in closed chunks, including evicted ones.
  public var events: UInt64 = 0
  /// Number of dropped events.
  public var dropped: UInt64 = 0
  /// Time of the first dropped event, in nanoseconds of CLOCK_MONOTONIC; 0 if there is none.
  public var droppedFrom: UInt64 = 0
  /// Time of the last dropped event.
  public var droppedUntil: UInt64 = 0
  /// Time of the last event in closed chunks, including evicted ones.
  public var lastTime: UInt64 = 0
  /// Whether the thread has ended.
  public var hasEnded = false
  /// `threading.Thread.name` in UTF-8, cut off after 48 bytes.
  public var name: [UInt8] = []

  /// Creates the entry of a thread without events.
  public init() {}

  /// Offset of `events` in an entry, for changes in place.
  public static let eventsOffset = 32
  /// Offset of `dropped`, which `droppedFrom` and `droppedUntil` follow.
  public static let droppedOffset = 40
  /// Offset of `lastTime`.
  public static let lastOffset = 112
  private static let checkOffset = 120
  /// Bytes that change, and bytes of the check.
  private static let holes = [1..<2, 32..<64, 112..<128]
  /// Whether a decoded entry does not match its check.
  public private(set) var isDamaged = false

  /// Returns the entry as stored in the file: `size` bytes.
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

  /// Decodes an entry. Returns `nil` if none has been written.
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
