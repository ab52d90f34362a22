/// One running trace: strategies, the filter, the threads it covers.
///
/// Everything happens with the GIL held. Events come in through `Session+Events`; `SessionControl`
/// starts and stops.
public final class Session {
  /// What the strategies are and what they need, worked out once.
  let plan: DispatchPlan
  let filter: CodeFilter
  /// Frames deeper than this are not shown: a frame at depth `maximumDepth` is the first left out.
  let maximumDepth: Int
  /// Whether all threads are traced, or only the one that starts the session.
  let coversAllThreads: Bool
  /// Tells this session's filter decisions from an earlier one's.
  package let serial: UInt64

  /// The time of events.
  let clock = SharedClock.shared

  /// For what goes wrong.
  var messages = Messages()

  var threadsEntered = 0
  /// Set when a strategy failed: what it said, to be told once.
  var failure: (any Error)?
  var hook: HookRegistration?

  /// - Parameters:
  ///   - strategies: called in this order for each event.
  ///   - filter: which code is traced.
  ///   - maximumDepth: how many traced frames of a stack are shown; nil for all.
  ///   - allThreads: whether all threads are traced, those to come too, or only the one that starts
  ///     the session.
  public init(
    _ strategies: [any TracerStrategy], filter: CodeFilter = CodeFilter(), maximumDepth: Int? = nil,
    allThreads: Bool = true
  ) {
    plan = DispatchPlan(strategies.map { StrategyRunner.make($0) })
    self.filter = filter
    self.maximumDepth = maximumDepth ?? .max
    coversAllThreads = allThreads
    serial = nextSerial()
  }
}
