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
