import TraceFormat

/// A recording cannot be read.
public struct ReadingError: Error, Equatable, Sendable, CustomStringConvertible {
  public let path: String
  /// In words; with the offset where a part of the file is at fault.
  public let problem: String

  public init(path: String, problem: String) {
    self.path = path
    self.problem = problem
  }

  public var description: String { "\(path): \(problem)" }
}

/// A part of a recording that cannot be read. The rest can.
public struct Damage: Equatable, Sendable, CustomStringConvertible {
  public let path: String
  public let error: FormatError

  public var description: String { "\(path): \(error)" }
}
