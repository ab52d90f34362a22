/// The SystemExit of a program that called `sys.exit()`, as a Swift error.
public struct PythonExit: Error, Sendable, Hashable, CustomStringConvertible {
  /// The exit status of the program: 0 for `sys.exit()`, 7 for `sys.exit(7)`, 1 for
  /// `sys.exit("message")`.
  public let status: Int32
  /// The message that the interpreter prints for `sys.exit("message")`.
  public let message: String?

  init(status: Int32, message: String?) {
    self.status = status
    self.message = message
  }

  public var description: String { message ?? "the program ended with status \(status)" }
}
