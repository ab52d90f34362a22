/// The strategies that are called for each kind of event, worked out when the session is made.
final class DispatchPlan {
  let runners: [StrategyRunner]
  let interests: EventSet
  let needsTime: Bool

  let calls: RunnerList
  let lines: RunnerList
  let returns: RunnerList
  let exceptions: RunnerList
  let opcodes: RunnerList
  let cCalls: RunnerList

  init(_ runners: [StrategyRunner]) {
    func list(_ kind: EventSet) -> RunnerList {
      RunnerList(runners.filter { $0.interests.contains(kind) })
    }
    self.runners = runners
    interests = runners.reduce(into: []) { $0.formUnion($1.interests) }
    needsTime = runners.contains { $0.needsTime }
    calls = list(.call)
    lines = list(.line)
    returns = list(.return)
    exceptions = list(.exception)
    opcodes = list(.opcode)
    cCalls = list(.cCall)
  }

  deinit {
    for list in [calls, lines, returns, exceptions, opcodes, cCalls] { list.free() }
  }
}

/// The runners that are called for a kind of event.
///
/// They are not counted references, because the list is walked at every event: the plan keeps them.
struct RunnerList {
  private let runners: FixedBuffer<Unretained<StrategyRunner>>
  let count: Int

  /// The result is freed by `free`.
  init(_ runners: [StrategyRunner]) {
    self.runners = FixedBuffer(runners.map { Unretained($0) })
    count = runners.count
  }

  func free() { runners.free() }

  @inline(__always)
  subscript(index: Int) -> Unretained<StrategyRunner> { runners[index] }
}
