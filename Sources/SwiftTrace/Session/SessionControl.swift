import CTraceHook
import Glibc
import TraceFormat

/// Counts sessions of one thread for which another tool's function gave way.
private let conflictsOfOneThread = Counter()

/// Numbers sessions from 1. Called with the GIL held.
private let serials = Counter()

func nextSerial() -> UInt64 { serials.next() }

extension Session {
  /// Starts tracing in every thread of the interpreter. Frames that are already running stay
  /// silent.
  ///
  /// - Throws: `PythonException` when an audit hook of the program refuses.
  public func start() throws {
    precondition(hook == nil, "the session has been started")
    guard reserveMemory() else { throw SystemError(code: ENOMEM, subject: "tracing") }
    let hook: HookRegistration
    do { hook = try HookRegistration(self) } catch {
      forgetMemory()
      throw error
    }
    self.hook = hook
    if MemoryReserve.isShort { CTraceHook_endAllSoon() }
    guard let conflict = hook.conflict else { return }
    // Sessions of one thread may be as many as calls of a function: that they are in conflict is
    // told once in a process.
    if coversAllThreads || conflictsOfOneThread.next() == 1 { messages.report(conflict) }
  }

  /// Has a session of all threads cover those that an embedding program has just brought in.
  ///
  /// - Throws: `PythonException` when an audit hook of the program refuses.
  package func coverNewThreads() throws { try hook?.coverNewThreads() }

  /// Ends tracing in every thread and lets the strategies write out what is left.
  ///
  /// - Throws: what a strategy's `finish` threw, unless one had failed before and that was told.
  public func stop() throws {
    guard let hook else { return }
    self.hook = nil
    forgetMemory()
    if !hook.stop() {
      messages.report("another trace function was set while tracing; events after that are missing")
    }
    var first: (any Error)?
    // If memory has run out, they are finished.
    for runner in plan.runners where !endedForMemory {
      do { try runner.finish() } catch { first = first ?? error }
    }
    if let first, failure == nil, !isBrokenPipe(first) { throw first }
  }
}
