import TraceFormat

/// The thread whose calls are being gone through.
public final class WalkedThread {
  /// The recording of its process.
  public let file: TraceFile
  /// Which of the reader's files that is.
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

  /// Where in the file the texts stand that an event names. Valid only of the present event.
  public func texts(of event: DecodedEvent) -> [UInt64] {
    event.hasTexts ? events.texts(of: event) : []
  }

  /// A text that the present event names; nil where it names none, or it is lost.
  public func text(_ index: Int, of event: DecodedEvent) -> [UInt8]? {
    guard event.hasTexts else { return nil }
    let texts = events.texts(of: event)
    return index < texts.count ? file.text(at: texts[index]) : nil
  }
}
