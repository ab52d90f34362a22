import TraceFormat

// The handlers of a session whose only strategy is a line counter that counts all frames. An event
// is one addition, without a lookup of the thread, the frame or the stack.

extension LineCounter {
  /// The counts of the session's only strategy, if that is a line counter.
  private static func counts(of session: Session) -> Pinned<LineCounts>? {
    (session.direct as? LineCounter)?.counting.counts
  }

  /// Counts a line that has no counter yet.
  @inline(never)
  static func countFirst(_ line: Int32, of record: Pinned<FunctionRecord>, in session: Session) {
    guard let counts = counts(of: session) else { return }
    counts.value.countFirst(Int(record.value.number), line)
    counts.value.name(record)
  }

  /// Decides whether the function is traced and counted. The counters in a record belong to the
  /// session that made the last decision, like the decision itself.
  static func evaluateFilter(
    of record: Pinned<FunctionRecord>, _ frame: ObjectAddress, in session: Session
  ) {
    guard let counts = counts(of: session), session.decide(record, Frame(frame)) else { return }
    let isCounted = counts.value.meet(Function(record), Frame(frame))
    record.value.head.is_traced = isCounted
    if isCounted { counts.value.name(record) }
  }
}
