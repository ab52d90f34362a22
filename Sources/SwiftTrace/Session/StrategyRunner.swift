import TraceFormat

/// Calls a strategy's methods without an existential: through one virtual call, behind which the
/// compiler knows the strategy's type.
package class StrategyRunner {
  package let interests: EventSet
  let needsTime: Bool
  let name: String

  fileprivate init(interests: EventSet, needsTime: Bool, name: String) {
    self.interests = interests
    self.needsTime = needsTime
    self.name = name
  }

  package func call(_ event: borrowing CallEvent) throws {}
  package func line(_ event: borrowing LineEvent) throws {}
  package func `return`(_ event: borrowing ReturnEvent) throws {}
  package func exception(_ event: borrowing ExceptionEvent) throws {}
  package func cCall(_ event: borrowing CCallEvent) throws {}
  package func flush() throws {}
  package func threadEnded(_ thread: Int) throws {}
  /// Called when the program's own code has ended, and tracing has not.
  package func programEnded(_ end: ProgramEnd) throws {}
  package func forked() {}
  package func finish() throws {}

  package static func make(_ strategy: some TracerStrategy) -> StrategyRunner {
    TypedStrategyRunner(strategy)
  }
}

private final class TypedStrategyRunner<Strategy: TracerStrategy>: StrategyRunner {
  /// Stored outside the object, so that mutating it needs no exclusivity check at run time.
  private let strategy: Pinned<Strategy>

  init(_ strategy: Strategy) {
    self.strategy = Pinned(strategy)
    super.init(
      interests: strategy.interests, needsTime: strategy.needsTime,
      name: String(describing: Strategy.self))
  }

  deinit { strategy.destroy() }

  package override func call(_ event: borrowing CallEvent) throws {
    try strategy.value.call(event)
  }
  package override func line(_ event: borrowing LineEvent) throws {
    try strategy.value.line(event)
  }
  package override func `return`(_ event: borrowing ReturnEvent) throws {
    try strategy.value.return(event)
  }
  package override func exception(_ event: borrowing ExceptionEvent) throws {
    try strategy.value.exception(event)
  }
  package override func cCall(_ event: borrowing CCallEvent) throws {
    try strategy.value.cCall(event)
  }
  package override func flush() throws { try strategy.value.flush() }
  package override func threadEnded(_ thread: Int) throws {
    try strategy.value.threadEnded(thread)
  }
  package override func programEnded(_ end: ProgramEnd) throws {
    try (strategy.value as? Recorder)?.recording.programEnded(end)
  }
  package override func forked() { strategy.value.forked() }
  package override func finish() throws { try strategy.value.finish() }
}
