/// One running trace: strategies, the filter, the threads it covers.
///
/// Everything happens with the GIL held. Events come in through `Session+Events`; `SessionControl`
/// starts and stops.
public final class Session {
  /// Where events come from.
  public enum Source: String, Sendable {
    /// What costs least of what gives the events that the strategies ask for, and leaves the
    /// program as it is: see `automaticChoice`.
    case automatic = "auto"
    /// `PyEval_SetTrace`.
    case settrace
    /// `sys.monitoring`, from Python 3.12 on: for all threads, and not for opcodes and functions
    /// written in C.
    case monitoring
  }

  /// What the strategies are and what they need, worked out once.
  let plan: DispatchPlan
  private(set) var filter: CodeFilter
  /// Frames deeper than this are not shown: a frame at depth `maximumDepth` is the first left out.
  let maximumDepth: Int
  /// Whether all threads are traced, or only the one that starts the session.
  let coversAllThreads: Bool
  /// Distinguishes the decisions of this filter from those of an earlier one.
  private(set) var serial: UInt64
  /// Distinguishes this session from an earlier one.
  package let number: UInt64
  let source: Source

  /// The one strategy, if it takes events straight from the hook.
  let direct: (any DirectStrategy)?

  /// The time of events.
  let clock = SharedClock.shared

  /// For what goes wrong.
  var messages = Messages()

  /// The number of the next thread that has an event.
  var threadsEntered: Int
  /// Set when a strategy failed: what it said, to be told once.
  var failure: (any Error)?
  /// Set if memory has run out: all that strategies held was written then.
  var endedForMemory = false
  var hook: HookRegistration?

  /// Prepares a trace. `start` has it begin.
  ///
  /// - Parameters:
  ///   - strategies: called in this order for each event.
  ///   - filter: which code is traced.
  ///   - maximumDepth: how many traced frames of a stack are shown; nil for all.
  ///   - allThreads: whether all threads are traced, those to come too, or only the one that starts
  ///     the session.
  ///   - source: where events come from. `start` throws where it cannot be used.
  public convenience init(
    _ strategies: [any TracerStrategy], filter: CodeFilter = CodeFilter(), maximumDepth: Int? = nil,
    allThreads: Bool = true, source: Source = .automatic
  ) {
    self.init(
      strategies, filter: filter, maximumDepth: maximumDepth, allThreads: allThreads,
      source: source, firstThread: 0)
  }

  /// Like the initializer above.
  ///
  /// - Parameter firstThread: the number of the first thread, which is 0 unless another session
  ///   numbers threads too.
  package init(
    _ strategies: [any TracerStrategy], filter: CodeFilter, maximumDepth: Int?, allThreads: Bool,
    source: Source, firstThread: Int
  ) {
    threadsEntered = firstThread
    plan = DispatchPlan(strategies.map { StrategyRunner.make($0) })
    self.filter = filter
    self.maximumDepth = maximumDepth ?? .max
    coversAllThreads = allThreads
    serial = nextSerial()
    number = serial
    self.source = source
    let only = strategies.count == 1 && maximumDepth == nil ? strategies[0] : nil
    direct = only as? any DirectStrategy
  }

  /// Has another filter decide what is traced from now on. Frames that are running keep what was
  /// decided when they were called.
  ///
  /// - Throws: the `PythonException` with which the interpreter refused.
  public func change(to filter: CodeFilter) throws {
    self.filter = filter
    serial = nextSerial()
    try hook?.changeFilter(to: serial)
  }

  /// Where the events of a session that was started come from: `settrace` or `monitoring`.
  public var usedSource: Source { hook?.source ?? source }
}
