/// A strategy that can receive events directly from the hook, if it is its session's only one and
/// the session shows all depths.
///
/// A session calls both methods, and knows nothing else about such a strategy.
protocol DirectStrategy: TracerStrategy {
  /// Replaces handlers with the strategy's own.
  func install(in handlers: inout HookHandlers)

  /// Stores the data in a thread's state that the strategy's handlers need. Called before the
  /// thread's first event.
  func prepare(_ thread: inout ThreadState)
}

extension DirectStrategy {
  func prepare(_ thread: inout ThreadState) {}
}
