/// A program that ended itself by `sys.exit()`: its SystemExit as a Swift error.
public struct PythonExit: Error, Sendable, Hashable, CustomStringConvertible {
  /// What would be the exit status: 0 for `sys.exit()`, 7 for `sys.exit(7)`, 1 for
  /// `sys.exit("message")`.
  public let status: Int32
  /// What `sys.exit("message")` has the interpreter print.
  public let message: String?

  init(status: Int32, message: String?) {
    self.status = status
    self.message = message
  }

  public var description: String { message ?? "the program ended with status \(status)" }
}
