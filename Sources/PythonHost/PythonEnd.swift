/// How a program has ended, as whoever started it as a process would see it.
public struct PythonEnd: Sendable, Hashable {
  /// The exit status: 0 at the end of the code, 1 after an exception that it did not catch, or what
  /// it gave to `sys.exit()`.
  public var status: Int32

  /// Whether a KeyboardInterrupt has ended it. Python then ends its process by SIGINT, which a shell
  /// shows as status 130.
  public var wasInterrupted: Bool

  init(status: Int32, wasInterrupted: Bool = false) {
    self.status = status
    self.wasInterrupted = wasInterrupted
  }
}
