import TraceFormat

/// The first point at which a thread behaved differently in two runs.
public struct Divergence: Sendable {
  /// The state of one of the two runs at the divergence.
  public struct Side: Sendable {
    /// Index of the file among the reader's files.
    public let file: Int
    /// The thread's number in that file.
    public let thread: Int
    /// The event; nil if the thread has no more events.
    public let event: DecodedEvent?
    /// The event's strings; nil for each one that is lost.
    public let texts: [[UInt8]?]
    /// Number of the thread's previous events.
    public let count: UInt64
    /// The frames that were running, the outermost first.
    public let stack: [Frame]
  }

  /// A frame that was running.
  public struct Frame: Sendable {
    /// The function's number in its file; 0 if it is unknown.
    public let function: UInt32
    /// The current line, 1-based.
    public let line: Int32
    /// The texts of the arguments, if they were kept.
    public let arguments: [[UInt8]?]
  }

  /// The kind of difference between two events.
  public enum Difference: String, Sendable {
    /// Kind, function, line or depth differ, or only one of the threads has an event.
    case path
    /// Only a value differs.
    case value
  }

  /// The kind of difference.
  public let difference: Difference
  /// The first run at the divergence.
  public let first: Side
  /// The second run at the divergence.
  public let second: Side
}

extension EventCursor {
  /// A description of the cursor's position, with the next event.
  var side: Divergence.Side {
    let event = rest.first
    let file = thread.file
    let texts = event.map { thread.texts(of: $0) } ?? []
    // Bounded, because one event may refer to a thousand strings of 64 KB.
    var room = 1 << 17
    func text(at place: UInt64) -> [UInt8]? {
      guard let text = file.text(at: place) else { return nil }
      defer { room -= min(room, text.count) }
      return text.count <= room ? text : Array("...".utf8)
    }
    let kept = texts.map { text(at: $0) }
    return Divergence.Side(
      file: thread.fileIndex, thread: thread.number, event: event, texts: kept, count: count,
      stack: frames.map { frame in
        Divergence.Frame(
          function: frame.function, line: frame.line,
          arguments: frame.arguments.map { text(at: $0) })
      })
  }
}
