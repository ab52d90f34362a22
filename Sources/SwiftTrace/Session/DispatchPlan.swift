/// The list of strategies for each kind of event, made once for each session.
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

/// The runners to call for one kind of event.
///
/// The references are unretained, because the list is walked at every event; the plan keeps the
/// runners alive.
struct RunnerList {
  private let runners: FixedBuffer<Unretained<StrategyRunner>>
  let count: Int

  /// Creates a list. `free` frees it.
  init(_ runners: [StrategyRunner]) {
    self.runners = FixedBuffer(runners.map { Unretained($0) })
    count = runners.count
  }

  func free() { runners.free() }

  @inline(__always)
  subscript(index: Int) -> Unretained<StrategyRunner> { runners[index] }
}
