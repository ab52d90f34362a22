import TraceFormat

// A session whose one strategy is a line counter that counts all frames. An event is an addition:
// no thread, no frame and no stack is looked at.

extension Session {
  /// Counts a line that has no counter yet.
  @inline(never)
  func countFirst(_ line: Int32, of record: Pinned<FunctionRecord>) {
    guard let lineCounts else { return }
    lineCounts.value.countFirst(Int(record.value.number), line)
    lineCounts.value.name(record)
  }

  /// Decides whether the function is traced and counted. Its counters are those of the session that
  /// has decided last, as the decision is.
  func decideCounted(_ record: Pinned<FunctionRecord>, _ frame: ObjectAddress) {
    guard let lineCounts, decide(record, Frame(frame)) else { return }
    let isCounted = lineCounts.value.meet(Function(record), Frame(frame))
    record.value.head.is_traced = isCounted
    if isCounted { lineCounts.value.name(record) }
  }
}
