/// A recording cannot be exported.
public struct ExportError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The system's number of the error, where it is the system's: what is exported cannot be
  /// written. Else 0.
  public let code: Int32
  /// In words.
  public let problem: String

  /// The format cannot show this recording.
  init(_ problem: String) {
    self.problem = problem
    code = 0
  }

  init(code: Int32) {
    self.code = code
    problem = systemError(code)
  }

  /// The format is about lines, and the recording has none.
  static let noLines = ExportError("the recording has no lines; record it with --lines")

  /// The format cannot say that nothing was called: its reader refuses that.
  static let noCalls = ExportError("nothing was called in what is exported")

  /// The export grows beyond all measure.
  static func tooLarge(_ bytes: UInt64) -> ExportError {
    ExportError(
      "the export ends after \(bytes >> 20) MB: more than \(ReadingLimits.growth) times the recording"
        + "; it names long texts again and again")
  }

  public var description: String { problem }
}
