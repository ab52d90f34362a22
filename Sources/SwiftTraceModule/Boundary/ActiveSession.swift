import SwiftTrace

/// The one session that the module may have running. Used with the GIL held.
enum ActiveSession {
  // SAFETY: reached with the GIL held only, so never by two threads at once.
  nonisolated(unsafe) private static var session: Session?

  static var isRunning: Bool { unsafe session != nil }

  /// Starts a session. Returns its number, or nil when one is running and `request` allows for that.
  static func start(_ request: borrowing StartRequest) throws -> UInt64? {
    guard !isRunning else {
      if request.mayBeRunning { return nil }
      throw ModuleError.state("tracing has been started already: call swifttrace.stop() first")
    }
    let started = Session(
      request.strategies, filter: request.filter, maximumDepth: request.maximumDepth,
      allThreads: request.allThreads, source: request.source)
    unsafe session = started
    do { try started.start() } catch {
      unsafe session = nil
      throw error
    }
    return started.number
  }

  /// Has the session that runs write out what it holds back.
  static func flush() throws { try unsafe session?.flushStrategies() }

  /// Has another filter decide in the session that runs.
  static func change(to filter: CodeFilter) throws {
    guard let running = unsafe session else {
      throw ModuleError.state("tracing has not been started: call swifttrace.start() first")
    }
    try running.change(to: filter)
  }

  /// Where the events of the session that runs come from; nil where none runs.
  static var source: Session.Source? { unsafe session?.usedSource }

  /// Stops the session that runs, or that of a number: where that is over, nothing is done.
  static func stop(_ number: Int?) throws {
    guard let running = unsafe session else {
      if number != nil { return }
      throw ModuleError.state("tracing has not been started: call swifttrace.start() first")
    }
    if let number, number != Int(running.number) { return }
    unsafe session = nil
    try running.stop()
  }
}
