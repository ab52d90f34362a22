import TraceFormat

/// The events of one thread, in order.
final class ThreadEvents {
  let file: TraceFile
  let fileIndex: Int
  let thread: Int
  /// The event that is next; nil at the end, until there is more.
  private(set) var next: TraceEvent?
  private var place = 0
  private var decoder: EventDecoder?
  private var buffer: [UInt8] = []
  private var header: ChunkHeader?

  init(_ file: TraceFile, fileIndex: Int, thread: Int) {
    self.file = file
    self.fileIndex = fileIndex
    self.thread = thread
  }

  /// Whether `next` has been looked for: what a thread needs to be read is read when its time comes.
  private(set) var isStarted = false

  /// The time of the next event; before the first was read, one that it is not before.
  var time: UInt64 {
    isStarted ? next?.mark.time ?? .max : file.chunks[thread]?.first?.header.time ?? 0
  }

  /// Goes to the next event. False at the end of what has been written.
  @discardableResult
  func advance() -> Bool {
    isStarted = true
    while true {
      guard let chunks = file.chunks[thread], place < chunks.count else {
        next = nil
        buffer = []
        return false
      }
      if decoder == nil {
        let current = file.content(of: chunks[place], into: &buffer)
        header = current
        decoder = EventDecoder(current)
      }
      do {
        let offset = chunks[place].offset + UInt64(ChunkHeader.size)
        switch try decode(&decoder!, buffer, file.callLines, offset) {
        case .event(let kind, let mark, let builtin, let count):
          var event = TraceEvent(
            kind: kind, mark: mark, builtin: builtin, file: fileIndex, thread: thread)
          for index in 0..<count { event.texts.append(decoder!.text(index)) }
          next = event
          return true
        case .end: break
        }
      } catch { file.note(error) }
      if header?.used == 0, place == chunks.count - 1 {
        next = nil
        return false
      }
      place += 1
      decoder = nil
    }
  }

  private func decode(
    _ decoder: inout EventDecoder, _ bytes: [UInt8], _ callLines: [Int32], _ offset: UInt64
  ) throws(FormatError) -> DecodedRecord {
    try decoder.next(bytes.span, callLines: callLines.span, offset: offset)
  }

  /// Reads on in a chunk that has grown, after the file was looked at again.
  func refresh() {
    guard next == nil, decoder != nil, let chunks = file.chunks[thread], place < chunks.count else {
      return
    }
    header = file.content(of: chunks[place], into: &buffer)
  }
}

/// One event of a recording.
public struct TraceEvent: Sendable {
  public let kind: EventKind
  public let mark: EventMark
  /// The number of the function written in C that it is about; else 0.
  public let builtin: UInt32
  /// Which of the reader's files it is from.
  public let file: Int
  /// The thread's number in that file.
  public let thread: Int
  /// Where the texts stand that it names: of a call the arguments, of a return the value, of an exception
  /// the class and the message, of an unwinding the class.
  public var texts: [UInt64] = []
}
