/// Which strategies are called for which event, worked out when the session is made.
@safe final class DispatchPlan {
  let runners: [StrategyRunner]
  let interests: EventSet
  let needsTime: Bool

  // SAFETY: the runners are kept alive by `runners`; the lists live from `init` to `deinit`. They
  // name the runners without counting references, because they are walked at every event.
  let calls: UnsafeBufferPointer<Unmanaged<StrategyRunner>>
  let lines: UnsafeBufferPointer<Unmanaged<StrategyRunner>>
  let returns: UnsafeBufferPointer<Unmanaged<StrategyRunner>>
  let exceptions: UnsafeBufferPointer<Unmanaged<StrategyRunner>>
  let opcodes: UnsafeBufferPointer<Unmanaged<StrategyRunner>>
  let builtins: UnsafeBufferPointer<Unmanaged<StrategyRunner>>

  init(_ runners: [StrategyRunner]) {
    func list(_ kind: EventSet) -> UnsafeBufferPointer<Unmanaged<StrategyRunner>> {
      let interested = runners.filter { $0.interests.contains(kind) }
      let list = UnsafeMutableBufferPointer<Unmanaged<StrategyRunner>>.allocate(
        capacity: interested.count)
      _ = unsafe list.initialize(
        fromContentsOf: interested.map { unsafe Unmanaged.passUnretained($0) })
      return UnsafeBufferPointer(list)
    }
    self.runners = runners
    interests = runners.reduce(into: []) { $0.formUnion($1.interests) }
    needsTime = runners.contains { $0.needsTime }
    unsafe calls = list(.call)
    unsafe lines = list(.line)
    unsafe returns = list(.return)
    unsafe exceptions = list(.exception)
    unsafe opcodes = list(.opcode)
    unsafe builtins = list(.builtin)
  }

  deinit {
    unsafe calls.deallocate()
    unsafe lines.deallocate()
    unsafe returns.deallocate()
    unsafe exceptions.deallocate()
    unsafe opcodes.deallocate()
    unsafe builtins.deallocate()
  }
}
