import CTraceHook
import SwiftTrace

/// A trace around a body of Swift code: the session, and the hold on the thread that began it.
@safe struct ActiveTrace {
  // SAFETY: reached with the GIL held only, so never by two threads at once.
  nonisolated(unsafe) private static var session: Session?

  private let token: Int32
  // SAFETY: what CTraceHook_releaseGIL gave in the thread that `begin` and `end` run in; given back
  // once, and only while the interpreter is running.
  private let thread: UnsafeMutableRawPointer

  /// Starts the session, and lets go of the GIL, so that other threads can go in. The thread's state
  /// in the interpreter, which carries the trace function, stays until `end`.
  ///
  /// - Throws: `PythonHostError` when another trace is running; what `Session.start` throws.
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

  /// Ends the session, unless `shutdown` has done it.
  ///
  /// - Throws: what a strategy's `finish` threw.
  func end() throws {
    do { try HostState.enter() } catch { return }
    defer { HostState.leave() }
    // SAFETY: the interpreter is running, and cannot end before `leave`; see `thread`.
    unsafe CTraceHook_takeGIL(thread)
    defer { CTraceHook_hostLeave(token) }
    try Self.endSession()
  }

  /// Ends the session if there is one. The GIL is held.
  static func endForShutdown() -> (any Error)? {
    do { try endSession() } catch { return error }
    return nil
  }

  /// Has a session of all threads cover the calling thread too. The GIL is held.
  static func coverNewThreads() throws { try unsafe session?.coverNewThreads() }

  private static func endSession() throws {
    guard let session = unsafe session else { return }
    unsafe Self.session = nil
    do { try session.stop() } catch let error as PythonException {
      throw Interpreter.detach(error)
    }
  }
}
