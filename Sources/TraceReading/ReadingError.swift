import TraceFormat

/// A recording cannot be read.
public struct ReadingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file; what is not UTF-8 in it shows as U+FFFD.
  public let path: String
  /// In words; with the offset where a part of the file is at fault.
  public let problem: String
  /// The system's number of the error, where it is the system's: the file is not there, or may not
  /// be read. Else 0.
  public let code: Int32

  /// Says of a file what is wrong with it, in words.
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

/// A part of a recording that cannot be read. The rest can.
public struct Damage: Equatable, Sendable, CustomStringConvertible {
  /// The file; what is not UTF-8 in it shows as U+FFFD.
  public let path: String
  /// What is wrong, and at which offset.
  public let error: FormatError

  public var description: String { "\(path): \(error)" }
}
