import TraceFormat

/// A format that is written from the events of all threads, in the order of time.
///
/// Each format has a file of its own; `ExportFormat` has the table of them.
protocol EventExport {
  /// Takes in the next event.
  ///
  /// - Parameter run: what it belongs to.
  mutating func add(_ event: DecodedEvent, of run: EventRun)

  /// Writes what stands behind the events, or all where a format sums up.
  mutating func finish() throws(ExportError)
}

/// A format that is written from the calls of one thread after another.
protocol CallExport: CallVisitor {
  /// Writes what stands behind the calls, or all where a format sums up.
  mutating func finish() throws(ExportError)
}
