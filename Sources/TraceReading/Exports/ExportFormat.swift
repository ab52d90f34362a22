/// A format in which a recording can be written for another tool.
public enum ExportFormat: String, CaseIterable, Sendable {
  /// For <https://ui.perfetto.dev>: a timeline.
  case perfetto
  /// For `chrome://tracing` and other viewers of its JSON: a timeline.
  case chrome
  /// For <https://www.speedscope.app>: a timeline and flame graphs.
  case speedscope
  /// For `flamegraph.pl` and what reads the same lines: a flame graph.
  case collapsed
  /// For `callgrind_annotate` and KCachegrind: costs by line and by call.
  case callgrind
  /// For `pstats.Stats`, SnakeViz and others: what `cProfile` writes.
  case pstats
  /// For `genhtml` and services that show coverage: hits by line and by function.
  case lcov
  /// One JSON object for each event.
  case jsonl
}

extension TraceReader {
  /// Writes the recording in another tool's format.
  ///
  /// Memory does not grow with the length of the recording, but with the number of functions, and of
  /// distinct stacks for `collapsed`.
  ///
  /// - Parameters:
  ///   - format: in which format.
  ///   - descriptor: where to: an open descriptor, which stays open.
  ///   - selection: which threads; those of `jsonl` and `lcov` too.
  ///   - progress: called now and then with the number of events that have been read, of those that
  ///     `countEvents` counts; false ends the export, and what was written by then is not complete.
  /// - Returns: false where `progress` has ended it.
  /// - Throws: `ExportError` when it cannot be written, or the format cannot show this recording.
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

  /// How often each line of each source file ran.
  ///
  /// - Parameters: as those of `export`.
  /// - Returns: nil where `progress` has ended it.
  /// - Throws: `ExportError` where the recording has no lines.
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

/// One export as it goes on.
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
