/// What a trace file begins with, and how its parts are numbered.
public enum Format {
  /// The first eight bytes of a file.
  public static let magic: [UInt8] = [0x53, 0x57, 0x54, 0x52, 0x41, 0x43, 0x45, 0x0A]  // SWTRACE\n

  /// The version that this code writes. A reader refuses a newer one.
  public static let version: UInt16 = 2

  /// The first version whose parts have checks.
  public static let firstChecked: UInt16 = 2

  /// Every chunk begins, and every mapping lies, at a multiple of this many bytes, unless the system
  /// has larger pages.
  public static let page = 4096

  /// No chunk is larger. A reader takes a larger one for damage.
  public static let largestChunk = 1 << 25

  /// No frame lies deeper. A reader takes a greater depth for damage.
  public static let deepest: Int32 = 1 << 24
}

/// What is wrong with a file, and where.
public struct FormatError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Bytes from the start of the file.
  public let offset: UInt64
  /// In words.
  public let problem: String

  /// Says what is wrong, in words, and how many bytes from the file's start.
  public init(_ problem: String, at offset: UInt64) {
    self.problem = problem
    self.offset = offset
  }

  public var description: String { "\(problem) at offset \(offset)" }
}
