/// A strategy that can take events straight from the hook while it is its session's only one, and
/// the session shows all depths.
///
/// A session calls both methods and knows nothing else of such a strategy.
protocol DirectStrategy: TracerStrategy {
  /// Replaces handlers by the strategy's own.
  func install(in handlers: inout HookHandlers)

  /// Stores in a thread's state what the handlers need of the strategy. Called at the thread's
  /// first event.
  func prepare(_ thread: inout ThreadState)
}

extension DirectStrategy {
  func prepare(_ thread: inout ThreadState) {}
}
