import TraceFormat

/// The first place at which a thread did something else in one run than in another.
public struct Divergence: Sendable {
  /// One of the two runs at the divergence.
  public struct Side: Sendable {
    /// The index of the file among its reader's.
    public let file: Int
    /// The thread's number in that file.
    public let thread: Int
    /// The event; nil if the thread has no more events.
    public let event: DecodedEvent?
    /// The texts that the event names; nil for one that is lost.
    public let texts: [[UInt8]?]
    /// Events of the thread before.
    public let count: UInt64
    /// The functions that were running, the outermost first.
    public let stack: [Frame]
  }

  /// A function that was running.
  public struct Frame: Sendable {
    /// The function's number in its file; 0 where it is not known.
    public let function: UInt32
    /// The line that it was at, 1-based.
    public let line: Int32
    /// The arguments' texts, where they were kept.
    public let arguments: [[UInt8]?]
  }

  /// In what the two events differ.
  public enum Difference: String, Sendable {
    /// Another event, function, line or depth; or one thread goes on, and the other does not.
    case path
    /// The same event with another value.
    case value
  }

  /// In what they differ.
  public let difference: Difference
  /// The first run.
  public let first: Side
  /// The second run.
  public let second: Side
}

extension EventCursor {
  /// A description of the next event.
  var side: Divergence.Side {
    let event = rest.first
    let file = thread.file
    let texts = event.map { thread.texts(of: $0) } ?? []
    // The kept texts are bounded: one event may name a thousand of 64 KB.
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
