import CTraceHook
import Glibc
import SwiftTrace
import TraceFormat

/// The running sessions of the module: one session of all threads, or sessions of single threads.
/// Used with the GIL held.
enum ActiveSession {
  /// A session of a single thread.
  private struct OfThread {
    let session: Session
    /// The thread index in its events.
    let index: Int
  }

  // SAFETY: both are accessed only with the GIL held, so never by two threads at once.
  nonisolated(unsafe) private static var ofAllThreads: Session?
  /// Sessions of single threads, by `CTraceHook_threadNumber`.
  nonisolated(unsafe) private static var ofThreads: [UInt64: OfThread] = [:]

  static var isRunning: Bool { unsafe ofAllThreads != nil || !ofThreads.isEmpty }

  /// Whether a session covers the calling thread.
  static var coversThread: Bool {
    unsafe ofAllThreads != nil || ofThreads[CTraceHook_threadNumber()] != nil
  }

  /// Starts a session. Returns its number, or nil if another session prevents it and
  /// `request.mayBeRunning` allows that.
  static func start(_ request: borrowing StartRequest) throws -> UInt64? {
    guard !(request.allThreads ? isRunning : coversThread) else {
      if request.mayBeRunning { return nil }
      throw ModuleError.state("tracing has been started already: call swifttrace.stop() first")
    }
    let thread = CTraceHook_threadNumber()
    let index = request.allThreads ? 0 : unusedIndex
    let started = Session(
      request.strategies, filter: request.filter, maximumDepth: request.maximumDepth,
      allThreads: request.allThreads, source: request.source, firstThread: index)
    if request.reportsUnmatched { started.reportingProcess = getpid() }
    if request.allThreads {
      unsafe ofAllThreads = started
    } else {
      unsafe ofThreads[thread] = OfThread(session: started, index: index)
    }
    do { try started.start() } catch {
      remove(started.number)
      throw error
    }
    // Starting called the program's audit hooks, which may have stopped the session.
    if !remains(started.number) { try started.stop() }
    return started.number
  }

  /// The lowest thread index that no session of a single thread uses.
  private static var unusedIndex: Int {
    let used = unsafe Set(ofThreads.values.map(\.index))
    return (0...used.count).first { !used.contains($0) } ?? used.count
  }

  private static var all: [Session] {
    unsafe (ofAllThreads.map { [$0] } ?? []) + ofThreads.values.map(\.session)
  }

  private static func remains(_ number: UInt64) -> Bool { all.contains { $0.number == number } }

  private static func remove(_ number: UInt64) {
    if unsafe ofAllThreads?.number == number { unsafe ofAllThreads = nil }
    unsafe ofThreads = unsafe ofThreads.filter { $0.value.session.number != number }
  }

  /// Flushes the strategies of all running sessions.
  static func flush() throws { for session in all { try session.flushStrategies() } }

  /// Replaces the filter of all running sessions.
  static func change(to filter: CodeFilter) throws {
    guard isRunning else {
      throw ModuleError.state("tracing has not been started: call swifttrace.start() first")
    }
    for session in all { try session.change(to: filter) }
  }

  /// Passes the end of the program to all running sessions.
  static func programEnded(_ end: ProgramEnd) { for session in all { session.programEnded(end) } }

  /// The source of events of the running sessions; nil if no session is running.
  static var source: Session.Source? { all.first?.usedSource }

  /// Stops the session with this number, if it is still running. Without a number, stops the
  /// session of the calling thread, or all sessions if that thread has none of its own.
  ///
  /// - Throws: the first error, after all of these sessions have ended.
  static func stop(_ number: Int?) throws {
    let ended: [Session]
    if let number {
      ended = all.filter { Int($0.number) == number }
    } else if let own = unsafe ofThreads[CTraceHook_threadNumber()] {
      ended = [own.session]
    } else {
      ended = all
      guard !ended.isEmpty else {
        throw ModuleError.state("tracing has not been started: call swifttrace.start() first")
      }
    }
    var first: (any Error)?
    for session in ended {
      remove(session.number)
      do { try session.stop() } catch { first = first ?? error }
    }
    if let first { throw first }
  }
}
