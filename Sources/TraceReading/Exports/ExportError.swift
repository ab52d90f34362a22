/// Error thrown if a recording cannot be exported.
public struct ExportError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The system's error code, if the system reported the error because the output cannot be
  /// written; else 0.
  public let code: Int32
  /// Description of the problem.
  public let problem: String

  /// Creates an error for a recording that the format cannot represent.
  init(_ problem: String) {
    self.problem = problem
    code = 0
  }

  init(code: Int32) {
    self.code = code
    problem = systemError(code)
  }

  /// The format needs lines, and the recording has none.
  static let noLines = ExportError("the recording has no lines; record it with --lines")

  /// The format's readers reject a file without calls.
  static let noCalls = ExportError("nothing was called in what is exported")

  /// The export exceeds the limit on its size.
  static func tooLarge(_ bytes: UInt64) -> ExportError {
    ExportError(
      "the export ends after \(bytes >> 20) MB: more than \(ReadingLimits.growth) times the recording"
        + "; it names long texts again and again")
  }

  public var description: String { problem }
}
