import TraceReading

/// How far a view or an export has come. Another thread asks for it, which shows a bar: the
/// recording itself is not touched for that.
struct ReadingProgress {
  /// Events that it has gone through.
  var done: UInt64 = 0
  /// Events that there are; nil while that is not known.
  var total: UInt64?
  /// Whether a view or an export goes through the recording.
  var isRunning = false
}

extension OpenRecording {
  /// How many events a view has gone through, and how many there are: 0 where a view has begun that
  /// has not found out yet.
  func reportProgress() -> PythonData {
    if !progress.isRunning, progress.total == nil { progress.total = countEvents() }
    return .tuple([.int(progress.done), .int(progress.total ?? 0)])
  }

  /// Reads the recording without the GIL, and runs the handlers of signals meanwhile.
  ///
  /// - Parameter body: is given what to call now and then; false of that ends the reading.
  /// - Throws: `Interrupted` where a signal's handler has raised, and what `body` throws.
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
          // Only this thread sets it.
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
