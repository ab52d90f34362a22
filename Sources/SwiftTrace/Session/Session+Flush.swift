extension Session {
  /// Has the strategies write out what they hold back.
  ///
  /// - Throws: what the first that could not threw.
  package func flushStrategies() throws {
    for runner in plan.runners { try runner.flush() }
  }
}
