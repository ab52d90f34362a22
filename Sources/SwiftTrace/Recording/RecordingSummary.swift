/// What a process has recorded, to be told at the end.
public struct RecordingSummary: Sendable, Equatable {
  /// The path of the file.
  public let path: String
  /// Events that were recorded.
  public let events: UInt64
  /// Bytes of the file.
  public let bytes: UInt64
  /// Events that found no room, or made room for others.
  public let dropped: UInt64
}

/// The contents of all files of a recording: those of a process and its children.
public struct RecordingTotals: Sendable, Equatable {
  /// Number of files.
  public let files: Int
  /// Events in the files.
  public let events: UInt64
  /// Bytes of the files.
  public let bytes: UInt64
  /// Events that were dropped or evicted.
  public let dropped: UInt64

  /// Each argument is the property of that name.
  public init(files: Int, events: UInt64, bytes: UInt64, dropped: UInt64) {
    self.files = files
    self.events = events
    self.bytes = bytes
    self.dropped = dropped
  }
}
