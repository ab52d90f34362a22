import TraceFormat

extension TraceReader {
  /// Passes the events of all selected threads to a closure, in order of time, up to the end.
  ///
  /// - Parameters:
  ///   - selection: the threads to read.
  ///   - progress: called now and then with the number of events read so far; returns false to
  ///     stop.
  ///   - take: receives each event, and the run that it belongs to.
  /// - Returns: the number of events read, including those of other threads; nil if `progress`
  ///   stopped the reading.
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
