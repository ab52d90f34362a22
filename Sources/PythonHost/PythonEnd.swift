/// How a program ended, as the parent of its process would see it.
public struct PythonEnd: Sendable, Hashable {
  /// The exit status: 0 at the end of the code, 1 after an uncaught exception, or the argument of
  /// `sys.exit()`.
  public var status: Int32

  /// Whether a KeyboardInterrupt ended it. Python then ends its process by SIGINT, and a shell
  /// reports status 130.
  public var wasInterrupted: Bool

  init(status: Int32, wasInterrupted: Bool = false) {
    self.status = status
    self.wasInterrupted = wasInterrupted
  }
}
