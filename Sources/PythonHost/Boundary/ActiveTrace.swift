import CTraceHook
import SwiftTrace

/// A trace around a body of Swift code: the session, and the GIL tokens of its thread.
@safe struct ActiveTrace {
  // SAFETY: accessed only with the GIL held, so never by two threads at once.
  nonisolated(unsafe) private static var session: Session?

  private let token: Int32
  // SAFETY: returned by CTraceHook_releaseGIL in the thread that runs `begin` and `end`; passed to
  // CTraceHook_takeGIL once, and only while the interpreter is running.
  private let thread: UnsafeMutableRawPointer

  /// Starts the session and releases the GIL, so that other threads can run Python code. The
  /// thread's `PyThreadState`, which holds the trace function, stays until `end`.
  ///
  /// - Throws: `PythonHostError` if another trace is running; the errors of `Session.start`.
  static func begin(_ session: Session) throws -> ActiveTrace {
    try HostState.enter()
    defer { HostState.leave() }
    let token = Interpreter.takeGIL()
    do {
      guard unsafe Self.session == nil else {
        throw PythonHostError(.alreadyTracing, "a trace is running already")
      }
      try session.start()
    } catch {
      let error = (error as? PythonException).map { Interpreter.detach($0) as any Error } ?? error
      CTraceHook_hostLeave(token)
      throw error
    }
    unsafe Self.session = session
    return unsafe ActiveTrace(token: token, thread: CTraceHook_releaseGIL())
  }

  /// Ends the session, unless `shutdown` has ended it.
  ///
  /// - Throws: the error of a strategy's `finish`.
  func end() throws {
    do { try HostState.enter() } catch { return }
    defer { HostState.leave() }
    // SAFETY: the interpreter is running, and cannot end before `leave`; see `thread`.
    unsafe CTraceHook_takeGIL(thread)
    defer { CTraceHook_hostLeave(token) }
    try Self.endSession()
  }

  /// Ends the session if there is one. Returns the error of a strategy's `finish`. The GIL is held.
  static func endForShutdown() -> (any Error)? {
    do { try endSession() } catch { return error }
    return nil
  }

  /// Extends a session of all threads to the calling thread. The GIL is held.
  static func coverNewThreads() throws { try unsafe session?.coverNewThreads() }

  private static func endSession() throws {
    guard let session = unsafe session else { return }
    unsafe Self.session = nil
    do { try session.stop() } catch let error as PythonException {
      throw Interpreter.detach(error)
    }
  }
}
