extension Session {
  /// Flushes the strategies.
  ///
  /// - Throws: the first error of a strategy; those after it are not flushed.
  package func flushStrategies() throws {
    for runner in plan.runners { try runner.flush() }
  }
}
