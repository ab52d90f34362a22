import Glibc
import TraceFormat

/// A failed system call.
public struct SystemError: Error, CustomStringConvertible {
  /// The `errno` value.
  public let code: Int32
  /// What it was about: a path, or words.
  public let subject: String

  /// Says which call failed.
  ///
  /// - Parameters:
  ///   - code: the `errno` value.
  ///   - subject: what it was about: a path, or words.
  public init(code: Int32, subject: String) {
    self.code = code
    self.subject = subject
  }

  public var description: String {
    "\(subject): \(SystemCall.message(code))"
  }
}
