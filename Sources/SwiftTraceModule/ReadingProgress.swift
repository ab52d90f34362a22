import TraceReading

/// Progress of a view or an export. Another thread reads it to draw a progress bar, without access
/// to the recording itself.
struct ReadingProgress {
  /// Number of events that have been read.
  var done: UInt64 = 0
  /// Number of events in the recording; nil while it is unknown.
  var total: UInt64?
  /// Whether a view or an export is reading the recording.
  var isRunning = false
}

extension OpenRecording {
  /// The number of events that a view has read, and the number of all events, which is 0 while a
  /// view that has begun does not know it yet.
  func reportProgress() -> PythonData {
    if !progress.isRunning, progress.total == nil { progress.total = countEvents() }
    return .tuple([.int(progress.done), .int(progress.total ?? 0)])
  }

  /// Reads the recording without the GIL, and runs the handlers of pending signals meanwhile.
  ///
  /// - Parameter body: reads the recording. It receives a function, to be called from time to time
  ///   with the number of events read so far; if that returns false, `body` must stop.
  /// - Throws: `Interrupted` if a signal's handler raised; otherwise the error of `body`.
  func read<Output>(_ body: ((UInt64) -> Bool) throws -> Output) throws -> Output {
    progress.done = 0
    progress.isRunning = true
    isBusy = true
    defer {
      progress.isRunning = false
      isBusy = false
    }
    var isInterrupted = false
    let result = Result {
      try withoutGIL {
        try body { count in
          // Only this thread sets it, so it can be read without the GIL.
          let total = progress.total ?? countEvents()
          withGIL { (progress.done, progress.total) = (count, total) }
          isInterrupted = isInterrupted || !checkSignals()
          return !isInterrupted
        }
      }
    }
    if isInterrupted { throw Interrupted() }
    return try result.get()
  }

  private func countEvents() -> UInt64 {
    reader.files.reduce(0) { $0 &+ $1.countEvents().kept }
  }
}
