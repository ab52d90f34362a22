/// Constants of the file format.
public enum Format {
  /// The first eight bytes of a file.
  public static let magic: [UInt8] = [0x53, 0x57, 0x54, 0x52, 0x41, 0x43, 0x45, 0x0A]  // SWTRACE\n

  /// The version that this code writes. Readers reject newer ones.
  public static let version: UInt16 = 2

  /// The first version with checks.
  public static let firstChecked: UInt16 = 2

  /// Alignment of chunks and mappings in bytes, on systems whose pages are not larger.
  public static let page = 4096

  /// Maximum length of a chunk in bytes. For a reader, a greater length is damage.
  public static let largestChunk = 1 << 25

  /// Maximum depth of a frame. For a reader, a greater depth is damage.
  public static let deepest: Int32 = 1 << 24
}

/// A problem in a file, and its offset.
public struct FormatError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Offset in the file, in bytes.
  public let offset: UInt64
  /// Description of the problem.
  public let problem: String

  /// Creates an error from the problem's description and its offset in bytes.
  public init(_ problem: String, at offset: UInt64) {
    self.problem = problem
    self.offset = offset
  }

  public var description: String { "\(problem) at offset \(offset)" }
}
