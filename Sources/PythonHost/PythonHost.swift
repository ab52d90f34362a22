import SwiftTrace

/// A CPython interpreter inside this program.
///
///     let python = try PythonHost()
///     try python.trace(CallLogger()) { try python.run(script: "script.py") }
///     try python.shutdown()
///
/// A process has one interpreter, and can start it only once: parts of CPython, and the engine's
/// function records, live as long as the process, so a second start after `shutdown()` fails.
/// All methods except `shutdown()` may be called from any thread; the GIL lets one run at a time.
public final class PythonHost: Sendable {
  /// Starts the interpreter. The calling thread becomes Python's main thread.
  ///
  /// - Throws: `PythonHostError` if an interpreter is or was running, or if the configuration does
  ///   not lead to a standard library.
  public init(_ configuration: Configuration = Configuration()) throws {
    let settings = try configuration.checked()
    try HostState.start {
      try Interpreter.start(settings)
      try Interpreter.withGIL { _ = try Interpreter.call("set_arguments", configuration.arguments) }
    }
  }

  /// Ends the interpreter: waits for the program's threads, calls its `atexit` functions, ends a
  /// trace that is still running, and frees the interpreter's memory. Afterwards every call throws,
  /// and no second interpreter can be started.
  ///
  /// A Swift program that exits without calling it skips all this.
  ///
  /// - Throws: `PythonHostError` in a thread other than the one that started the interpreter; while
  ///   any call is running Python code, so also in a strategy; and at a second call. Throws
  ///   `.outputLost`, after the interpreter has ended, if some output could not be written.
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

  /// Runs `body` with the GIL held, in any thread. All calls into a running Python pass through it.
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
