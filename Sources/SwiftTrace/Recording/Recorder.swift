/// Writes every event to a compact file while the program runs: a recording.
///
/// An event is in the file before its handler returns, so nothing is lost however the program ends.
/// docs/format.md describes the format. A session has at most one recorder.
public struct Recorder: TracerStrategy {
  public let interests: EventSet
  public let needsTime = true
  let recording: Recording

  /// Creates the file.
  ///
  /// - Parameters:
  ///   - path: the file's path; its name ends in `.swt`. Forked children write beside it.
  ///   - settings: the contents of the recording, and its limits.
  /// - Throws: `SystemError` if the file cannot be created; with EEXIST if it exists and is not to
  ///   be replaced.
  public init(to path: String, _ settings: RecordingSettings = RecordingSettings()) throws {
    try self.init(to: Array(path.utf8), settings)
  }

  /// Like the initializer above, for a path that may not be UTF-8.
  public init(to path: [UInt8], _ settings: RecordingSettings = RecordingSettings()) throws {
    interests = settings.events
    recording = try Recording(path: path, settings)
  }

  /// The amount of data that has been recorded up to now.
  public var summary: RecordingSummary { recording.summary }

  @inline(__always)
  public mutating func call(_ event: borrowing CallEvent) throws { try recording.call(event) }

  @inline(__always)
  public mutating func line(_ event: borrowing LineEvent) throws { try recording.line(event) }

  @inline(__always)
  public mutating func `return`(_ event: borrowing ReturnEvent) throws {
    try recording.leave(event)
  }

  public mutating func exception(_ event: borrowing ExceptionEvent) throws {
    try recording.exception(event)
  }

  public mutating func cCall(_ event: borrowing CCallEvent) throws {
    try recording.cCall(event)
  }

  public mutating func flush() throws { try recording.flush() }

  public mutating func threadEnded(_ thread: Int) throws { try recording.threadEnded(thread) }

  public mutating func forked() { recording.forked() }

  public mutating func finish() throws { try recording.finish() }
}
