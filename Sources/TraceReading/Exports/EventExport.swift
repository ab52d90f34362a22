import TraceFormat

/// A format that is written from the events of all threads, in order of time.
///
/// Each format has its own file; `ExportFormat` lists them.
protocol EventExport {
  /// Writes or counts the next event.
  ///
  /// - Parameter run: the run that the event belongs to.
  mutating func add(_ event: DecodedEvent, of run: EventRun)

  /// Writes the end of the output; in formats that contain only sums, all of it.
  mutating func finish() throws(ExportError)
}

/// A format that is written from the calls of one thread after another.
protocol CallExport: CallVisitor {
  /// Writes the end of the output; in formats that contain only sums, all of it.
  mutating func finish() throws(ExportError)
}
