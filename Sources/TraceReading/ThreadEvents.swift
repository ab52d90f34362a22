import TraceFormat

/// Decodes the events of one thread, in order.
final class ThreadEvents {
  let file: TraceFile
  let fileIndex: Int
  let thread: Int
  /// Whether events have been looked for. A thread is first read when the reader reaches its time.
  private(set) var isStarted = false
  /// Time of the next event; before the first read, a lower bound of it. In nanoseconds of
  /// CLOCK_MONOTONIC.
  private(set) var time: UInt64

  private var batch = EventBatch()
  private var index = 0
  private var chunk: Chunk?
  private var decoder: EventDecoder?
  /// The thread's tasks at the end of the previous chunk.
  private var tasks = TaskTable()
  /// Sequence number of the chunk to read next; nil if there can be none.
  private var sequence: UInt64?
  /// Number of events that have been read from the chunk.
  private var count = 0
  /// Number of the thread's events up to the current position, including missing ones.
  private var passed: UInt64 = 0
  /// Whether events are missing between the current batch and the previous one.
  private(set) var isBehindGap = false

  /// - Parameter sequence: sequence number of the first chunk to read.
  init(_ file: TraceFile, fileIndex: Int, thread: Int, from sequence: UInt64 = 0) {
    self.file = file
    self.fileIndex = fileIndex
    self.thread = thread
    self.sequence = sequence
    time = file.chunks.chunk(of: thread, from: sequence)?.chunk.header.time ?? 0
  }

  /// Whether the batch has a next event.
  var hasNext: Bool { index < batch.events.count }

  /// The events that were read and not yet taken.
  var rest: ArraySlice<DecodedEvent> { batch.events[index...] }

  /// The events of `rest` that enter a frame from code that is not recorded, in order.
  var indirect: [EventBatch.Indirect] { batch.indirect }

  func texts(of event: DecodedEvent) -> [UInt64] { batch.texts(of: event) }

  /// Reports, once, that the reader has reached one of its limits.
  func noteLimit(_ problem: String) {
    if file.hasReached.insert(problem).inserted {
      file.note(FormatError(problem, at: chunk?.offset ?? 0))
    }
  }

  /// Removes events that were taken from the batch.
  func skip(_ count: Int) {
    index += count
    if hasNext { time = batch.events[index].mark.time }
  }

  /// Reads the next batch of events. Returns false if there are none.
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
      // An open chunk may get more events later.
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

  /// Reads events of a chunk. Returns false if it has no more.
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
      // The decoder's position is at the record that it could not read.
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

  /// Checks that a closed chunk has the size and the number of events in its header.
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

/// A run of consecutive events of one thread, taken one by one.
struct Turn {
  let thread: ThreadEvents?
  private let events: ArraySlice<DecodedEvent>
  private let fileIndex: Int
  private let number: Int
  private var index: Int
  private let end: Int

  /// Creates an empty run, which belongs to no thread.
  init() {
    thread = nil
    events = []
    (fileIndex, number, index, end) = (0, 0, 0, 0)
  }

  /// Creates a run of the thread's next event, and of those after it that precede another thread's.
  ///
  /// - Parameter time: time of the other thread's next event, in nanoseconds of CLOCK_MONOTONIC.
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

  /// Number of events that were taken.
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
  /// Takes the thread's next events, at most `limit` of them. Returns nil if the run is empty.
  mutating func nextRun(limit: Int) -> EventRun? {
    guard index < end, let thread else { return nil }
    let first = index
    index = min(end, first + limit)
    return EventRun(events: events[first..<index], file: fileIndex, thread: number, owner: thread)
  }
}

/// Consecutive events of one thread. Release it before reading the next events, so that their
/// memory is reused.
struct EventRun {
  let events: ArraySlice<DecodedEvent>
  /// Index of the file among the reader's files.
  let file: Int
  /// The thread's number in that file.
  let thread: Int
  fileprivate let owner: ThreadEvents

  /// Returns the offsets in the file of the strings that an event refers to.
  func texts(of event: DecodedEvent) -> [UInt64] { owner.texts(of: event) }
}

/// One event of a recording.
public struct TraceEvent: Sendable {
  /// Kind of the event.
  public let kind: EventKind
  /// Function, line, depth, stack and time of the event.
  public let mark: EventHeader
  /// Number of the C function that was called; 0 for events of other kinds.
  public let cFunction: UInt32
  /// Index of the event's file among the reader's files.
  public let file: Int
  /// The thread's number in that file.
  public let thread: Int
  /// The event's task, by its number in the thread, from 1; 0 for none.
  public let task: UInt32
  /// Offsets in the file of the event's strings: the arguments of a call, the value of a return,
  /// the class and message of an exception, the class of an unwind.
  public let texts: [UInt64]
}
