import Glibc

extension PythonEnd {
  /// Ends this process as the interpreter would have ended its own: with the exit status, or by
  /// SIGINT. Call it after `PythonHost.shutdown()`, which runs the program's exit handlers.
  public func exit() -> Never {
    if wasInterrupted {
      signal(SIGINT, SIG_DFL)
      raise(SIGINT)
    }
    Glibc.exit(status)
  }
}
