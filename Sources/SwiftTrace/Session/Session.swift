/// One run of tracing, with its strategies, its filter and the threads that it covers.
///
/// All its code runs with the GIL held. `Session+Events` receives the events; `SessionControl`
/// starts and stops the session.
public final class Session {
  /// An interface of CPython that reports events.
  public enum Source: String, Sendable {
    /// The source that costs least, of those that report the requested events and leave the
    /// program's behavior unchanged: see `automaticChoice`.
    case automatic = "auto"
    /// `PyEval_SetTrace`.
    case settrace
    /// `sys.monitoring`, from Python 3.12 on. Covers all threads, and has no events for opcodes and
    /// C calls.
    case monitoring
  }

  /// The strategies, and the events that they need.
  let plan: DispatchPlan
  private(set) var filter: CodeFilter
  /// Number of traced frames of a stack that are shown; deeper frames are not.
  let maximumDepth: Int
  /// Whether all threads are traced, or only the one that starts the session.
  let coversAllThreads: Bool
  /// The filter generation: a decision stored with another number is evaluated again.
  private(set) var serial: UInt64
  /// Number of the session, unique in the process.
  package let number: UInt64
  let source: Source

  /// The session's only strategy, if it can receive events directly from the hook.
  let direct: (any DirectStrategy)?

  /// The clock of events.
  let clock = SharedClock.shared

  /// Output for warnings and errors.
  var messages = Messages()

  /// Number for the next thread that has its first event.
  var threadsEntered: Int
  /// The error that ended tracing. Errors of `finish` after it are not reported.
  var failure: (any Error)?
  /// Whether memory has run out; the strategies have then written all their data.
  var endedForMemory = false
  var hook: HookRegistration?

  /// The code that the filter has rejected, as long as it has accepted none.
  var outcome = FilterOutcome()
  /// The process that reports at the end if the filter has accepted no code; nil for none.
  package var reportingProcess: Int32?

  /// Prepares a session. `start` starts it.
  ///
  /// - Parameters:
  ///   - strategies: called in this order for each event.
  ///   - filter: the code to trace.
  ///   - maximumDepth: number of traced frames of a stack to show; nil for all.
  ///   - allThreads: whether to trace all threads, including future ones, or only the one that
  ///     starts the session.
  ///   - source: the source of events. `start` throws if it cannot be used.
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
  /// - Parameter firstThread: number of the first thread; not 0 if another session numbers threads
  ///   too.
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

  /// Replaces the filter. Frames that are running keep the decision made at their call.
  ///
  /// - Throws: `PythonException` if the interpreter refuses.
  public func change(to filter: CodeFilter) throws {
    self.filter = filter
    serial = nextSerial()
    try hook?.changeFilter(to: serial)
  }

  /// The source of events that a started session uses: `settrace` or `monitoring`.
  public var usedSource: Source { hook?.source ?? source }
}
