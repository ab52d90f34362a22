import CTraceHook
import Glibc
import TraceFormat

/// Counts sessions of one thread that replaced another tool's function.
private let conflictsOfOneThread = Counter()

/// Numbers filter generations from 1; the first of a session is also the session's number. Used
/// with the GIL held.
private let serials = Counter()

func nextSerial() -> UInt64 { serials.next() }

extension Session {
  /// Starts tracing in the threads that the session covers. Frames that are already running have no
  /// events.
  ///
  /// - Throws: `PythonException` if an audit hook of the program refuses; `SystemError` if there is
  ///   no memory.
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
    // There may be one session of one thread for each call of a function, so the conflict is
    // reported once in a process.
    if coversAllThreads || conflictsOfOneThread.next() == 1 { messages.report(conflict) }
  }

  /// Extends a session of all threads to those that an embedding program has created since.
  ///
  /// - Throws: `PythonException` if an audit hook of the program refuses.
  package func coverNewThreads() throws { try hook?.coverNewThreads() }

  /// Ends tracing in every thread, and lets the strategies write their remaining data.
  ///
  /// - Throws: the first error of a strategy's `finish`, unless a strategy failed before, which has
  ///   been reported.
  public func stop() throws {
    guard let hook else { return }
    self.hook = nil
    forgetMemory()
    if !hook.stop() {
      messages.report("another trace function was set while tracing; events after that are missing")
    }
    var first: (any Error)?
    // If memory has run out, they have been finished.
    for runner in plan.runners where !endedForMemory {
      do { try runner.finish() } catch { first = first ?? error }
    }
    if failure == nil { reportUnmatched() }
    if let first, failure == nil, !isBrokenPipe(first) { throw first }
  }

  /// Prints which code ran if the filter has accepted none. A forked child may have run little.
  private func reportUnmatched() {
    guard reportingProcess == getpid() else { return }
    let folder = String(decoding: absolute([]), as: UTF8.self)
    if let message = outcome.message(filter, folder: "\(folder)/") { messages.report(message) }
  }
}
