import TraceFormat

/// Error thrown if a recording cannot be read.
public struct ReadingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Path of the file; bytes that are not UTF-8 become U+FFFD.
  public let path: String
  /// Description of the problem, with the offset if a part of the file is damaged.
  public let problem: String
  /// The system's error code, if the system reported the error (for example because the file does
  /// not exist); else 0.
  public let code: Int32

  /// Creates an error that describes what is wrong with a file.
  public init(path: String, problem: String) {
    self.path = path
    self.problem = problem
    code = 0
  }

  init(path: [UInt8], problem: String) {
    self.init(path: String(decoding: path, as: UTF8.self), problem: problem)
  }

  init(path: [UInt8], code: Int32) {
    self.path = String(decoding: path, as: UTF8.self)
    self.code = code
    problem = systemError(code)
  }

  public var description: String { "\(path): \(problem)" }
}

/// A part of a recording that cannot be read. The other parts can.
public struct Damage: Equatable, Sendable, CustomStringConvertible {
  /// Path of the file; bytes that are not UTF-8 become U+FFFD.
  public let path: String
  /// Description of the problem, with its offset in the file.
  public let error: FormatError

  public var description: String { "\(path): \(error)" }
}
