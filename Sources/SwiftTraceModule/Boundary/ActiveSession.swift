import SwiftTrace

/// The one session that the module may have running. Used with the GIL held.
enum ActiveSession {
  // SAFETY: reached with the GIL held only, so never by two threads at once.
  nonisolated(unsafe) private static var session: Session?

  static var isRunning: Bool { unsafe session != nil }

  static func start(_ request: borrowing StartRequest) throws {
    guard !isRunning else {
      throw ModuleError.state("tracing has been started already: call swifttrace.stop() first")
    }
    let started = Session(
      request.strategies, filter: request.filter, maximumDepth: request.maximumDepth,
      allThreads: request.allThreads)
    try started.start()
    unsafe session = started
  }

  static func stop() throws {
    guard let running = unsafe session else {
      throw ModuleError.state("tracing has not been started: call swifttrace.start() first")
    }
    unsafe session = nil
    try running.stop()
  }
}
