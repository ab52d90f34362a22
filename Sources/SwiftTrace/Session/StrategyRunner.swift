/// Calls a strategy's methods without a box: one virtual call, behind which the strategy's type is
/// known to the compiler.
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
  package func builtin(_ event: borrowing BuiltinEvent) throws {}
  package func flush() throws {}
  package func threadEnded(_ thread: Int) throws {}
  package func forked() {}
  package func finish() throws {}

  package static func make(_ strategy: some TracerStrategy) -> StrategyRunner {
    TypedStrategyRunner(strategy)
  }
}

@safe private final class TypedStrategyRunner<Strategy: TracerStrategy>: StrategyRunner {
  // SAFETY: one value, from `init` to `deinit`. It stands outside the object so that mutating it
  // needs no exclusivity check at run time; the GIL keeps callers apart.
  private let strategy: UnsafeMutablePointer<Strategy>

  init(_ strategy: Strategy) {
    unsafe self.strategy = .allocate(capacity: 1)
    unsafe self.strategy.initialize(to: strategy)
    super.init(
      interests: strategy.interests, needsTime: strategy.needsTime,
      name: String(describing: Strategy.self))
  }

  deinit {
    unsafe strategy.deinitialize(count: 1)
    unsafe strategy.deallocate()
  }

  package override func call(_ event: borrowing CallEvent) throws {
    try unsafe strategy.pointee.call(event)
  }
  package override func line(_ event: borrowing LineEvent) throws {
    try unsafe strategy.pointee.line(event)
  }
  package override func `return`(_ event: borrowing ReturnEvent) throws {
    try unsafe strategy.pointee.return(event)
  }
  package override func exception(_ event: borrowing ExceptionEvent) throws {
    try unsafe strategy.pointee.exception(event)
  }
  package override func builtin(_ event: borrowing BuiltinEvent) throws {
    try unsafe strategy.pointee.builtin(event)
  }
  package override func flush() throws { try unsafe strategy.pointee.flush() }
  package override func threadEnded(_ thread: Int) throws {
    try unsafe strategy.pointee.threadEnded(thread)
  }
  package override func forked() { unsafe strategy.pointee.forked() }
  package override func finish() throws { try unsafe strategy.pointee.finish() }
}
