import TraceReading

/// Computes every view, table and export of a recording, which may be damaged.
///
/// - Parameters:
///   - bytes: the recording.
///   - descriptor: file descriptor that exports are written to.
/// - Returns: false if comparing the recording with itself contradicts the views.
func drawEverything(from bytes: [UInt8], to descriptor: Int32) -> Bool {
  func reader() -> TraceReader? { try? TraceReader(contents: bytes) }
  guard let first = reader(), let second = reader() else { return true }
  var callers = CallersView { _ in true }
  var callees = CalleesView { $0.count % 2 == 0 }
  var paths = ExceptionPaths { _ in true }
  first.walkCalls(ThreadSelection(), &callers)
  first.walkCalls(ThreadSelection(), &callees)
  first.walkCalls(ThreadSelection(), &paths)
  _ = Statistics.of(first, byThread: true, lines: true) { _ in true }
  _ = try? first.countLines()
  for table in ArrowTable.allCases {
    guard let rows = reader().map({ table.rows(of: $0) }) else { continue }
    while let batch = try? rows.nextBatch(), batch.count > 0 {}
  }
  for format in ExportFormat.allCases { _ = try? reader()?.export(format, to: descriptor) }
  var comparison = Comparison(first, second)
  comparison.run { _ in true }
  let (found, expected) = (comparison.secondStatistics, Statistics.of(second) { _ in true })
  return comparison.divergences.isEmpty
    && found.groups.map { $0.functions } == expected.groups.map { $0.functions }
    && found.groups.map { $0.events } == expected.groups.map { $0.events }
}
