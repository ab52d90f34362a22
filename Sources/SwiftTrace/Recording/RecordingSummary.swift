/// The amount of data that a process has recorded.
public struct RecordingSummary: Sendable, Equatable {
  /// The path of the file.
  public let path: String
  /// Number of events in the file.
  public let events: UInt64
  /// Size of the file in bytes.
  public let bytes: UInt64
  /// Number of events that were dropped or evicted.
  public let dropped: UInt64
}

/// The contents of all files of a recording: those of a process and its children.
public struct RecordingTotals: Sendable, Equatable {
  /// Number of files.
  public let files: Int
  /// Number of events in the files.
  public let events: UInt64
  /// Total size of the files in bytes.
  public let bytes: UInt64
  /// Number of events that were dropped or evicted.
  public let dropped: UInt64

  /// Each argument is the property of that name.
  public init(files: Int, events: UInt64, bytes: UInt64, dropped: UInt64) {
    self.files = files
    self.events = events
    self.bytes = bytes
    self.dropped = dropped
  }
}
