import TraceFormat

/// The thread whose calls are being visited.
public final class WalkedThread {
  /// The recording of the thread's process.
  public let file: TraceFile
  /// Index of the file among the reader's files.
  public let fileIndex: Int
  /// The thread's number in the file.
  public let number: Int
  let events: ThreadEvents

  init(_ events: ThreadEvents) {
    self.events = events
    file = events.file
    fileIndex = events.fileIndex
    number = events.thread
  }

  /// Returns the offsets in the file of the strings that an event refers to. Valid only for the
  /// current event.
  public func texts(of event: DecodedEvent) -> [UInt64] {
    event.hasTexts ? events.texts(of: event) : []
  }

  /// Returns a string that the current event refers to, or nil if there is none or it is lost.
  public func text(_ index: Int, of event: DecodedEvent) -> [UInt8]? {
    guard event.hasTexts else { return nil }
    let texts = events.texts(of: event)
    return index < texts.count ? file.text(at: texts[index]) : nil
  }
}
