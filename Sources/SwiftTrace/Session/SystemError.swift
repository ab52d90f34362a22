import Glibc
import TraceFormat

/// A failed system call.
public struct SystemError: Error, CustomStringConvertible {
  /// The `errno` value.
  public let code: Int32
  /// The subject of the call: a path or a description.
  public let subject: String

  /// Creates an error from the result of a system call.
  ///
  /// - Parameters:
  ///   - code: the `errno` value.
  ///   - subject: a path or a description.
  public init(code: Int32, subject: String) {
    self.code = code
    self.subject = subject
  }

  public var description: String {
    "\(subject): \(SystemCall.message(code))"
  }
}
