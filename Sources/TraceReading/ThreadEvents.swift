import TraceFormat

/// The events of one thread, in order.
final class ThreadEvents {
  let file: TraceFile
  let fileIndex: Int
  let thread: Int
  /// Whether events have been looked for: what a thread needs to be read is read when its time
  /// comes.
  private(set) var isStarted = false
  /// The time of the next event; before the first was read, one that it is not before.
  private(set) var time: UInt64

  private var batch = EventBatch()
  private var index = 0
  private var chunk: Chunk?
  private var decoder: EventDecoder?
  /// The thread's tasks at the end of the chunk before.
  private var tasks = TaskTable()
  /// The sequence of the chunk to read next; nil where there can be none.
  private var sequence: UInt64?
  /// Events of the chunk that have been read.
  private var count = 0
  /// Events of the thread up to the end of what has been read, those that are missing included.
  private var passed: UInt64 = 0
  /// Whether events are missing between those that were read last and those before.
  private(set) var isBehindGap = false

  /// - Parameter sequence: of the first chunk that is read.
  init(_ file: TraceFile, fileIndex: Int, thread: Int, from sequence: UInt64 = 0) {
    self.file = file
    self.fileIndex = fileIndex
    self.thread = thread
    self.sequence = sequence
    time = file.chunks.chunk(of: thread, from: sequence)?.chunk.header.time ?? 0
  }

  /// Whether there is a next event.
  var hasNext: Bool { index < batch.events.count }

  /// The events that were read and not taken.
  var rest: ArraySlice<DecodedEvent> { batch.events[index...] }

  /// The events of `rest` that enter a frame from code that is not recorded, in their order.
  var indirect: [EventBatch.Indirect] { batch.indirect }

  func texts(of event: DecodedEvent) -> [UInt64] { batch.texts(of: event) }

  /// Says once that the reader has reached one of its bounds.
  func noteLimit(_ problem: String) {
    if file.hasReached.insert(problem).inserted {
      file.note(FormatError(problem, at: chunk?.offset ?? 0))
    }
  }

  /// Events were taken.
  func skip(_ count: Int) {
    index += count
    if hasNext { time = batch.events[index].mark.time }
  }

  /// Reads the next events. False where there are none.
  func fill(_ window: inout ReadingWindow, limit: Int) -> Bool {
    isStarted = true
    batch.removeAll()
    index = 0
    isBehindGap = false
    while batch.events.isEmpty, let sequence {
      guard let (next, isLast) = file.chunks.chunk(of: thread, from: sequence) else { break }
      if decoder == nil || chunk?.header.sequence != next.header.sequence {
        if let decoder { tasks = decoder.tasks }
        if passed != next.header.eventsBefore {
          isBehindGap = true
          tasks.forget()
        }
        chunk = next
        decoder = EventDecoder(next.header, tasks: tasks)
        count = 0
        passed = next.header.eventsBefore
      }
      if read(next, &window, limit) { continue }
      // Of a chunk that is not closed there may be more later.
      if isLast, window.header.used == 0, batch.events.isEmpty, !isGivenUp { break }
      if let decoder { tasks = decoder.tasks }
      decoder = nil
      self.sequence = next.header.sequence < .max ? next.header.sequence + 1 : nil
    }
    guard let first = batch.events.first else {
      batch = EventBatch()
      return false
    }
    time = first.mark.time
    return true
  }

  private var isGivenUp = false

  /// Reads events of a chunk. False where there are no more in it.
  private func read(_ chunk: Chunk, _ window: inout ReadingWindow, _ limit: Int) -> Bool {
    guard decoder != nil else { return false }
    isGivenUp = false
    var least = 8
    do {
      while true {
        guard window.load(chunk, of: file, at: decoder!.position, least: least) else {
          isGivenUp = true
          return false
        }
        switch try decode(&decoder!, window, chunk, limit) {
        case .full: return true
        case .needsMore:
          if !batch.events.isEmpty { return true }
          least = EventDecoder.longestRecord
        case .end:
          window.forget()
          try checkEnd(window.header, chunk)
          return !batch.events.isEmpty && window.header.used == 0
        }
      }
    } catch {
      // The decoder stands before the record that it could not read.
      if file.hasNewFunctions() { return true }
      file.note(error)
      isGivenUp = true
      return false
    }
  }

  private func decode(
    _ decoder: inout EventDecoder, _ window: borrowing ReadingWindow, _ chunk: Chunk, _ limit: Int
  ) throws(FormatError) -> EventDecoder.Outcome {
    let before = batch.events.count
    defer {
      count += batch.events.count - before
      passed &+= UInt64(batch.events.count - before)
    }
    return try decoder.read(
      window.bytes.span, base: window.base, end: window.end, isLast: window.isLast,
      callLines: file.callLines.span, offset: chunk.start, limit: limit, into: &batch)
  }

  /// Whether a closed chunk has what its header says.
  private func checkEnd(_ header: ChunkHeader, _ chunk: Chunk) throws(FormatError) {
    guard header.used > 0, let decoder else { return }
    let place = chunk.start + UInt64(decoder.position)
    if decoder.position < Int(header.used) - ChunkHeader.size {
      throw FormatError("the rest of the chunk's events is missing", at: place)
    }
    if count != header.events {
      throw FormatError(
        "the chunk has \(count) events, and not \(header.events)", at: chunk.offset + 48)
    }
  }
}

/// Events that are taken one after another from one thread.
struct Turn {
  let thread: ThreadEvents?
  private let events: ArraySlice<DecodedEvent>
  private let fileIndex: Int
  private let number: Int
  private var index: Int
  private let end: Int

  /// Nobody's.
  init() {
    thread = nil
    events = []
    (fileIndex, number, index, end) = (0, 0, 0, 0)
  }

  /// The thread's next event, and those that follow before another thread's.
  init(_ thread: ThreadEvents, until time: UInt64) {
    self.thread = thread
    events = thread.rest
    fileIndex = thread.fileIndex
    number = thread.thread
    index = events.startIndex
    var end = index + 1
    while end < events.endIndex, events[end].mark.time < time { end += 1 }
    self.end = end
  }

  /// Events that were taken.
  var taken: Int { index - events.startIndex }

  var hasNext: Bool { index < end }

  @inline(__always)
  mutating func next() -> TraceEvent? {
    guard index < end else { return nil }
    let event = events[index]
    index += 1
    return TraceEvent(
      kind: event.kind, mark: event.mark, cFunction: event.cFunction, file: fileIndex,
      thread: number,
      task: event.task, texts: event.hasTexts ? thread?.texts(of: event) ?? [] : [])
  }
}

extension Turn {
  /// The thread's next events, at most so many.
  mutating func nextRun(limit: Int) -> EventRun? {
    guard index < end, let thread else { return nil }
    let first = index
    index = min(end, first + limit)
    return EventRun(events: events[first..<index], file: fileIndex, thread: number, owner: thread)
  }
}

/// Events of one thread. To be let go of before the next ones are read, which then need no memory.
struct EventRun {
  let events: ArraySlice<DecodedEvent>
  /// Which of the reader's files they are from.
  let file: Int
  /// The thread's number in that file.
  let thread: Int
  fileprivate let owner: ThreadEvents

  /// Where in the file the texts stand that an event names.
  func texts(of event: DecodedEvent) -> [UInt64] { owner.texts(of: event) }
}

/// One event of a recording.
public struct TraceEvent: Sendable {
  /// What happened.
  public let kind: EventKind
  /// Where and when it happened.
  public let mark: EventHeader
  /// The number of the function written in C that it is about; else 0.
  public let cFunction: UInt32
  /// Which of the reader's files it is from.
  public let file: Int
  /// The thread's number in that file.
  public let thread: Int
  /// The task that it belongs to, by its number in the thread, from 1; 0 for none.
  public let task: UInt32
  /// Where the texts stand that it names: of a call the arguments, of a return the value, of an
  /// exception the class and the message, of an unwinding the class.
  public let texts: [UInt64]
}
