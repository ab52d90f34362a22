/// The head of a trace file: what was recorded, where and when.
///
/// `end` and the numbers of `lost` change while the file is written; they stand at places of their
/// own. All numbers are little-endian.
public struct FileHeader: Equatable, Sendable {
  /// How the recording ended.
  public enum End: UInt8, Sendable {
    /// It goes on, or its process was killed.
    case open = 0
    /// It was stopped, or the program ended.
    case stopped = 1
    /// It could not go on: the disk was full.
    case failed = 2
  }

  /// Which clock the times come from. They are nanoseconds of CLOCK_MONOTONIC in any case.
  public enum Clock: UInt8, Sendable {
    /// Read by `clock_gettime` for each event.
    case system = 0
    /// The processor's counter, compared with CLOCK_MONOTONIC again and again.
    case counter = 1
  }

  /// The version of the format that the file is in.
  public var version = Format.version
  /// The same in all files of one run: those of the first process and of its children.
  public var family: (UInt64, UInt64) = (0, 0)
  /// The number that the system knows the process by.
  public var processID: UInt32 = 0
  /// That of the process which started it.
  public var parentID: UInt32 = 0
  /// When the process began, in clock ticks since the system's start; 0 if that is not known. A
  /// process that gets the number later began at another time.
  public var processStart: UInt64 = 0
  /// Whether this is the first process's file, beside which those of its children lie.
  public var isRoot = true
  /// Which clock the times come from.
  public var clock = Clock.system
  /// Counts of the processor's counter in a second, as measured at the start; 0 for `system`.
  public var countsPerSecond: UInt64 = 0
  /// Nanoseconds since 1970, at the start.
  public var wallStart: UInt64 = 0
  /// Nanoseconds of CLOCK_MONOTONIC, at the start.
  public var start: UInt64 = 0
  /// How the recording ended, as far as the file knows.
  public var end = End.open
  /// Bytes that the file was not to exceed; 0 for no limit.
  public var maximumSize: UInt64 = 0
  /// Whether the oldest events made room for the newest.
  public var keepsLast = false
  /// Whether values were kept.
  public var hasValues = false
  /// Events of threads that have no cell, which found no room: how many, and the times of the first
  /// and the last.
  public var lost = (count: UInt64(0), from: UInt64(0), until: UInt64(0))
  /// Whether a header that was read does not match its check.
  public private(set) var isDamaged = false
  /// `3.13.0 (main, …)`: `sys.version`.
  public var python = ""
  /// The system: `linux-x86_64`.
  public var platform = ""
  /// `sys.argv`, and what stands for the interpreter.
  public var arguments: [String] = []
  /// The folder that the program started in.
  public var folder = ""
  /// What was asked for, as on the command line.
  public var options: [String] = []

  /// The header of a file in the present version, with nothing else filled in.
  public init() {}

  public static func == (left: FileHeader, right: FileHeader) -> Bool {
    left.encoded() == right.encoded()
  }

  /// The offset of `end`, which is changed in place by `endWord`.
  public static let endOffset = 12
  /// The four bytes at `endOffset`, little-endian: `end`, what never changes, and the complement of
  /// `end`.
  public var endWord: UInt32 {
    UInt32(end.rawValue) | UInt32(flags) << 8 | UInt32(clock.rawValue) << 16
      | UInt32(~end.rawValue) << 24
  }
  private var flags: UInt8 { (isRoot ? 1 : 0) | (keepsLast ? 2 : 0) | (hasValues ? 4 : 0) }
  /// The offset of the three numbers of `lost`.
  public static let lostOffset = 88
  private static let checkOffset = 20
  /// The bytes that change, and those of the check.
  private static let holes = [12..<13, 15..<16, 20..<24, 88..<112]
  /// The bytes before the texts: in this version, and in the first.
  static let fixedSize = 128
  private static let firstFixedSize = 88

  /// The header as bytes, filled up to whole pages.
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

  /// The size of the header that a file begins with: what to read before `init(decoding:)`.
  ///
  /// - Parameter bytes: the first bytes of the file, 128 or more.
  /// - Throws: `FormatError` when the file is none of ours, or a newer one.
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

  /// The family that a file belongs to, which its first page tells.
  ///
  /// - Throws: `FormatError` when the file is none of ours, or a newer one.
  public static func family(in bytes: Span<UInt8>) throws(FormatError) -> (UInt64, UInt64) {
    _ = try size(in: bytes)
    var reader = ByteReader(bytes, at: 24)
    guard let first = reader.number(UInt64.self), let second = reader.number(UInt64.self) else {
      throw FormatError("the file ends within its header", at: UInt64(bytes.count))
    }
    return (first, second)
  }

  /// The process that wrote the file whose first 128 bytes or more are given; 0 if they end before.
  public static func processID(in bytes: Span<UInt8>) -> UInt32 {
    var reader = ByteReader(bytes, at: 40)
    return reader.number() ?? 0
  }

  /// Reads a header.
  ///
  /// - Parameter bytes: the first bytes of the file, at least as many as `size(in:)` says.
  /// - Throws: `FormatError`.
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
