/// A format in which a recording can be written for another tool.
public enum ExportFormat: String, CaseIterable, Sendable {
  /// A timeline for <https://ui.perfetto.dev>.
  case perfetto
  /// A timeline for `chrome://tracing` and other viewers of its JSON.
  case chrome
  /// A timeline and flame graphs for <https://www.speedscope.app>.
  case speedscope
  /// A flame graph for `flamegraph.pl` and other tools that read its lines.
  case collapsed
  /// Costs by line and by call for `callgrind_annotate` and KCachegrind.
  case callgrind
  /// The profile format of `cProfile`, for `pstats.Stats`, SnakeViz and others.
  case pstats
  /// Hits by line and by function for `genhtml` and coverage services.
  case lcov
  /// One JSON object for each event.
  case jsonl
}

extension TraceReader {
  /// Writes the recording in another tool's format.
  ///
  /// Memory does not grow with the length of the recording, but with the number of functions, and
  /// for `collapsed` with the number of distinct stacks.
  ///
  /// - Parameters:
  ///   - format: the format.
  ///   - descriptor: an open file descriptor to write to, which stays open.
  ///   - selection: the threads to export, also for `jsonl` and `lcov` (default: all).
  ///   - progress: called now and then with the number of events read so far, out of those that
  ///     `countEvents` counts; returns false to stop, which leaves the output incomplete.
  /// - Returns: false if `progress` stopped the export.
  /// - Throws: `ExportError` if the output cannot be written, or the format cannot represent this
  ///   recording.
  @discardableResult
  public func export(
    _ format: ExportFormat, to descriptor: Int32, _ selection: ThreadSelection = ThreadSelection(),
    progress: (UInt64) -> Bool = { _ in true }
  ) throws(ExportError) -> Bool {
    let output = ExportOutput(descriptor: descriptor, limit: outputLimit)
    let run = ExportRun(reader: self, output: output, selection: selection)
    switch format {
    case .perfetto: return try run.calls(PerfettoExport(self, to: output), progress)
    case .chrome: return try run.calls(ChromeExport(self, to: output), progress)
    case .speedscope: return try run.calls(SpeedscopeExport(self, to: output), progress)
    case .collapsed: return try run.calls(CollapsedExport(self, to: output), progress)
    case .callgrind: return try run.calls(CallgrindExport(self, to: output), progress)
    case .pstats: return try run.calls(PstatsExport(self, to: output), progress)
    case .lcov: return try run.events(LCOVExport(self, to: output), progress)
    case .jsonl: return try run.events(JSONLinesExport(self, to: output), progress)
    }
  }

  /// Counts how often each line of each source file ran.
  ///
  /// - Parameters:
  ///   - selection: the threads to count (default: all).
  ///   - progress: called now and then with the number of events read so far; returns false to
  ///     stop.
  /// - Returns: the counts; nil if `progress` stopped the counting.
  /// - Throws: `ExportError` if the recording has no lines.
  public func countLines(
    _ selection: ThreadSelection = ThreadSelection(), progress: (UInt64) -> Bool = { _ in true }
  ) throws(ExportError) -> [LineCounts.Source]? {
    var counts = LineCounts()
    let passed = walkEvents(selection, progress: progress) { event, run in
      counts.add(event, file: run.file, of: self)
    }
    guard let passed else { return nil }
    guard counts.hasLines || passed == 0 else { throw .noLines }
    return counts.sources(of: self)
  }
}

/// One run of an export.
private struct ExportRun {
  let reader: TraceReader
  let output: ExportOutput
  let selection: ThreadSelection

  func calls(_ start: some CallExport, _ progress: (UInt64) -> Bool) throws(ExportError) -> Bool {
    var export = start
    let isWhole = reader.walkCalls(
      selection, &export, isOver: { output.failure != nil },
      progress: { count in output.failure == nil && progress(count) })
    if isWhole { try export.finish() }
    return try end(isWhole)
  }

  func events(_ start: some EventExport, _ progress: (UInt64) -> Bool) throws(ExportError) -> Bool {
    var export = start
    let passed = reader.walkEvents(
      selection, progress: { count in output.failure == nil && progress(count) },
      { event, run in
        guard output.failure == nil else { return }
        export.add(event, of: run)
        output.commit()
      })
    guard passed != nil else { return try end(false) }
    try export.finish()
    return try end(true)
  }

  private func end(_ isWhole: Bool) throws(ExportError) -> Bool {
    output.flush()
    if let failure = output.failure { throw failure }
    return isWhole
  }
}
