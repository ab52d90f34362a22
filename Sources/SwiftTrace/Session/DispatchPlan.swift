import TraceFormat

/// The list of strategies for each kind of event, made once for each session.
final class DispatchPlan {
  let runners: [StrategyRunner]
  let interests: EventSet
  let needsTime: Bool

  let calls: RunnerList
  let lines: RunnerList
  let returns: RunnerList
  let exceptions: RunnerList
  let cCalls: RunnerList
  /// The list for each kind, by raw value, from 1. Those above are copies for frequent kinds.
  private let lists: FixedBuffer<RunnerList>

  init(_ runners: [StrategyRunner]) {
    self.runners = runners
    interests = runners.reduce(into: []) { $0.formUnion($1.interests) }
    needsTime = runners.contains { $0.needsTime }
    let lists = EventKind.allCases.map { kind in
      RunnerList(runners.filter { $0.interests.includes(kind) })
    }
    func list(_ kind: EventKind) -> RunnerList { lists[Int(kind.rawValue) - 1] }
    calls = list(.call)
    lines = list(.line)
    returns = list(.return)
    exceptions = list(.exception)
    cCalls = list(.cCall)
    self.lists = FixedBuffer(lists)
  }

  /// The list for a kind that has no list of its own.
  @inline(__always)
  func list(_ kind: EventKind) -> RunnerList { lists[Int(kind.rawValue) &- 1] }

  deinit {
    for kind in EventKind.allCases { list(kind).free() }
    lists.free()
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
