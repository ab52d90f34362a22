/// Header of a recording's file: the process, the time and the options.
///
/// `end` and `lost` change while the file is written, at fixed offsets. All numbers are
/// little-endian.
public struct FileHeader: Equatable, Sendable {
  /// State of the recording at its end.
  public enum End: UInt8, Sendable {
    /// Still running, or the process was killed.
    case open = 0
    /// Stopped, or the program ended.
    case stopped = 1
    /// Failed, for example because the disk was full.
    case failed = 2
  }

  /// Source of the times, which are nanoseconds of CLOCK_MONOTONIC in either case.
  public enum Clock: UInt8, Sendable {
    /// `clock_gettime`, called for each event.
    case system = 0
    /// The processor's counter, compared with CLOCK_MONOTONIC repeatedly.
    case counter = 1
  }

  /// Format version of the file.
  public var version = Format.version
  /// Run ID: shared by the files of the first process and of its children.
  public var family: (UInt64, UInt64) = (0, 0)
  /// Process ID.
  public var processID: UInt32 = 0
  /// Process ID of the parent.
  public var parentID: UInt32 = 0
  /// Start time of the process, in clock ticks since the start of the system; 0 if unknown.
  /// Distinguishes the process from a later one with its ID.
  public var processStart: UInt64 = 0
  /// Whether this is the file of the first process. Files of its children are beside it.
  public var isRoot = true
  /// Source of the times.
  public var clock = Clock.system
  /// Frequency of the processor's counter in Hz, measured at the start; 0 for `Clock.system`.
  public var countsPerSecond: UInt64 = 0
  /// Start of the recording, in nanoseconds since 1970.
  public var wallStart: UInt64 = 0
  /// Start of the recording, in nanoseconds of CLOCK_MONOTONIC.
  public var start: UInt64 = 0
  /// State of the recording, as last stored in the file.
  public var end = End.open
  /// Maximum size of the file in bytes; 0 for no limit.
  public var maximumSize: UInt64 = 0
  /// Whether the oldest events are evicted for the newest.
  public var keepsLast = false
  /// Whether values are kept.
  public var hasValues = false
  /// Dropped events of threads that have no entry: their number, and the times of the first and the
  /// last, in nanoseconds of CLOCK_MONOTONIC.
  public var lost = (count: UInt64(0), from: UInt64(0), until: UInt64(0))
  /// Whether a decoded header does not match its check.
  public private(set) var isDamaged = false
  /// `sys.version`: `3.13.0 (main, …)`.
  public var python = ""
  /// The system: `linux-x86_64`.
  public var platform = ""
  /// The words of the command line: `sys.orig_argv`.
  public var arguments: [String] = []
  /// The folder in which the program was started.
  public var folder = ""
  /// Options of the recording, as on the command line.
  public var options: [String] = []

  /// Creates a header of the current version, with all other properties empty.
  public init() {}

  public static func == (left: FileHeader, right: FileHeader) -> Bool {
    left.encoded() == right.encoded()
  }

  /// Offset of `endWord`, which is stored when the recording ends.
  public static let endOffset = 12
  /// The four bytes at `endOffset`, little-endian: `end`, two bytes that never change, and the
  /// complement of `end`.
  public var endWord: UInt32 {
    UInt32(end.rawValue) | UInt32(flags) << 8 | UInt32(clock.rawValue) << 16
      | UInt32(~end.rawValue) << 24
  }
  private var flags: UInt8 { (isRoot ? 1 : 0) | (keepsLast ? 2 : 0) | (hasValues ? 4 : 0) }
  /// Offset of the three numbers of `lost`.
  public static let lostOffset = 88
  private static let checkOffset = 20
  /// Bytes that change, and bytes of the check.
  private static let holes = [12..<13, 15..<16, 20..<24, 88..<112]
  /// Number of bytes before the strings, in this version and in version 1.
  static let fixedSize = 128
  private static let firstFixedSize = 88

  /// Returns the header as bytes, padded with zeros to whole pages.
  public func encoded() -> [UInt8] {
    var texts = ByteWriter()
    texts.append(text: python)
    texts.append(text: platform)
    texts.append(text: folder)
    for list in [arguments, options] {
      texts.append(UInt32(list.count))
      for text in list { texts.append(text: text) }
    }
    let used = Self.fixedSize + texts.bytes.count
    let size = (used + Format.page - 1) / Format.page * Format.page
    var writer = ByteWriter()
    for byte in Format.magic { writer.append(byte) }
    writer.append(version)
    writer.append(UInt16(0x0102))  // The byte order: 02 01 in a file of this version.
    writer.append(endWord)
    writer.append(UInt32(size))
    writer.append(UInt32(0))
    writer.append(family.0)
    writer.append(family.1)
    writer.append(processID)
    writer.append(parentID)
    writer.append(countsPerSecond)
    writer.append(wallStart)
    writer.append(start)
    writer.append(maximumSize)
    writer.append(processStart)
    writer.append(lost.count)
    writer.append(lost.from)
    writer.append(lost.until)
    writer.pad(to: Self.fixedSize)
    var bytes = writer.bytes
    precondition(bytes.count == Self.fixedSize)
    bytes += texts.bytes
    bytes += repeatElement(0, count: size - bytes.count)
    let check = Checksum.of(bytes.span, without: Self.holes)
    for index in 0..<4 {
      bytes[Self.checkOffset + index] = UInt8(truncatingIfNeeded: check >> (index * 8))
    }
    return bytes
  }

  /// Returns the size of a file's header: the number of bytes that `init(decoding:)` needs.
  ///
  /// - Parameter bytes: the first bytes of the file, 128 or more.
  /// - Throws: `FormatError` if the file is not a recording, or of a newer version.
  public static func size(in bytes: Span<UInt8>) throws(FormatError) -> Int {
    for (index, byte) in Format.magic.enumerated() {
      guard index < bytes.count, bytes[index] == byte else {
        throw FormatError("this is no swifttrace recording: wrong magic bytes", at: 0)
      }
    }
    var reader = ByteReader(bytes, at: Format.magic.count)
    guard let version = reader.number(UInt16.self), let order = reader.number(UInt16.self) else {
      throw FormatError("the file ends within its header", at: UInt64(bytes.count))
    }
    guard order == 0x0102 else {
      throw FormatError("the file was written with another byte order", at: 10)
    }
    guard version <= Format.version else {
      throw FormatError(
        "the file has version \(version) of the format, and this swifttrace reads up to version "
          + "\(Format.version): use a newer swifttrace", at: 8)
    }
    var sizes = ByteReader(bytes, at: 16)
    guard version > 0, let size = sizes.number(UInt32.self) else {
      throw FormatError("the file ends within its header", at: UInt64(bytes.count))
    }
    guard Int(size) >= firstFixedSize, Int(size) % Format.page == 0, size <= 1 << 24 else {
      throw FormatError("the header's size cannot be", at: 16)
    }
    return Int(size)
  }

  /// Returns the run ID in a file's first page.
  ///
  /// - Throws: `FormatError` if the file is not a recording, or of a newer version.
  public static func family(in bytes: Span<UInt8>) throws(FormatError) -> (UInt64, UInt64) {
    _ = try size(in: bytes)
    var reader = ByteReader(bytes, at: 24)
    guard let first = reader.number(UInt64.self), let second = reader.number(UInt64.self) else {
      throw FormatError("the file ends within its header", at: UInt64(bytes.count))
    }
    return (first, second)
  }

  /// Returns the ID of the process that wrote a file, from its first 128 bytes or more; 0 if there
  /// are too few.
  public static func processID(in bytes: Span<UInt8>) -> UInt32 {
    var reader = ByteReader(bytes, at: 40)
    return reader.number() ?? 0
  }

  /// Decodes a header.
  ///
  /// - Parameter bytes: the first bytes of the file, at least `size(in:)` of them.
  /// - Throws: `FormatError` if the header is damaged, not that of a recording, or of a newer
  ///   version.
  public init(decoding bytes: Span<UInt8>) throws(FormatError) {
    let size = try Self.size(in: bytes)
    guard bytes.count >= size else {
      throw FormatError("the file ends within its header", at: UInt64(bytes.count))
    }
    self.init()
    var reader = ByteReader(bytes, at: 8)
    func damaged(_ position: Int) -> FormatError {
      FormatError("the header is damaged", at: UInt64(position))
    }
    version = reader.number() ?? 0
    _ = reader.number(UInt16.self)
    let ending = reader.number(UInt8.self) ?? 0
    end = End(rawValue: ending) ?? .open
    let flags = reader.number(UInt8.self) ?? 0
    isRoot = flags & 1 != 0
    keepsLast = flags & 2 != 0
    hasValues = flags & 4 != 0
    clock = Clock(rawValue: reader.number() ?? 0) ?? .system
    let complement = reader.number(UInt8.self) ?? 0
    let check = reader.number(at: Self.checkOffset, UInt32.self)
    let isChecked = version >= Format.firstChecked
    reader = ByteReader(bytes, at: 24)
    family = (reader.number() ?? 0, reader.number() ?? 0)
    processID = reader.number() ?? 0
    parentID = reader.number() ?? 0
    countsPerSecond = reader.number() ?? 0
    wallStart = reader.number() ?? 0
    start = reader.number() ?? 0
    maximumSize = reader.number() ?? 0
    processStart = reader.number() ?? 0
    if isChecked {
      lost = (reader.number() ?? 0, reader.number() ?? 0, reader.number() ?? 0)
      isDamaged =
        complement != ~ending || End(rawValue: ending) == nil
        || check != Checksum.of(bytes.extracting(0..<size), without: Self.holes)
    }
    reader = ByteReader(bytes, at: isChecked ? Self.fixedSize : Self.firstFixedSize)
    guard let python = reader.string(), let platform = reader.string(), let folder = reader.string()
    else { throw damaged(reader.position) }
    self.python = python
    self.platform = platform
    self.folder = folder
    for list in [\FileHeader.arguments, \.options] {
      guard let count = reader.number(UInt32.self), Int(count) <= reader.rest / 4 else {
        throw damaged(reader.position)
      }
      for _ in 0..<count {
        guard let text = reader.string() else { throw damaged(reader.position) }
        self[keyPath: list].append(text)
      }
    }
  }
}
