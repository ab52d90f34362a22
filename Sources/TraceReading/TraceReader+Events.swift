import TraceFormat

extension TraceReader {
  /// Goes through the events of all threads that are selected, in the order of time, to the end.
  ///
  /// - Parameters:
  ///   - selection: which threads.
  ///   - progress: called now and then with the number of events that have been read; false ends the
  ///     walk.
  ///   - take: is given each event, and the run that it belongs to.
  /// - Returns: how many events were read, those of other threads included; nil where `progress` has
  ///   ended it.
  @inline(__always)
  func walkEvents(
    _ selection: ThreadSelection, progress: (UInt64) -> Bool,
    _ take: (DecodedEvent, EventRun) -> Void
  ) -> UInt64? {
    var passed: UInt64 = 0
    while let run = nextRun(limit: 1 << 12) {
      let before = passed
      passed &+= UInt64(run.events.count)
      if passed >> 14 != before >> 14, !progress(passed) { return nil }
      guard selection.includes(files[run.file], run.thread) else { continue }
      for event in run.events { take(event, run) }
    }
    return passed
  }
}
