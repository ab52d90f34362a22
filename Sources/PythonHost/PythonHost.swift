import SwiftTrace

/// A CPython interpreter inside this program.
///
///     let python = try PythonHost()
///     try python.trace(CallLogger()) { try python.run(script: "script.py") }
///     try python.shutdown()
///
/// There is one in a process, once: CPython keeps parts of an interpreter for as long as the process
/// lives, and so do the engine's marks on code objects, so a second one after `shutdown()` is refused.
/// All methods may be called from any thread, except where it says otherwise; the interpreter lets
/// one thread in at a time.
public final class PythonHost: Sendable {
  /// Starts the interpreter. The calling thread becomes Python's main thread.
  ///
  /// - Throws: `PythonHostError` when an interpreter is or was running, or when the configuration does
  ///   not lead to a standard library.
  public init(_ configuration: Configuration = Configuration()) throws {
    let settings = try configuration.checked()
    try HostState.start {
      try Interpreter.start(settings)
      try Interpreter.withGIL { _ = try Interpreter.call("set_arguments", configuration.arguments) }
    }
  }

  /// Ends the interpreter: waits for the program's threads, calls its `atexit` functions, ends a trace
  /// that is still running, frees what can be freed. Nothing works afterwards, and no second
  /// interpreter can be started.
  ///
  /// A program that ends without it skips all this. Python code that runs inside Swift code may not
  /// call it.
  ///
  /// - Throws: `PythonHostError` in a thread other than the one that started the interpreter; while
  ///   another thread is running Python code; when called a second time; and `.outputLost`, with the
  ///   interpreter ended, when not all that the program printed could be written.
  public func shutdown() throws {
    try HostState.beginShutdown(isMainThread: Interpreter.isMainThread)
    let token = Interpreter.takeGIL()
    try? ActiveTrace.coverNewThreads()
    _ = try? Interpreter.call("join_threads")
    _ = try? Interpreter.call("call_exit_functions", isSilent: false)
    let sessionError = ActiveTrace.endForShutdown()
    guard Interpreter.stop(token) else {
      throw PythonHostError(
        .outputLost, "not all that the Python program printed could be written out")
    }
    if let sessionError { throw sessionError }
  }

  /// Runs `body` with the GIL held, in any thread. Everything that reaches Python goes through here.
  func withPython<Result>(_ body: () throws -> Result) throws -> Result {
    try HostState.enter()
    defer { HostState.leave() }
    return try Interpreter.withGIL {
      do {
        try ActiveTrace.coverNewThreads()
        return try body()
      } catch let error as PythonException {
        throw Interpreter.detach(error)
      }
    }
  }
}
