import TraceFormat

/// Goes through one thread of one of two recordings, with the stack of what is running.
struct EventCursor {
  /// A frame, and what its call was given.
  struct Frame {
    var function: UInt32
    var line: Int32
    var texts: [UInt64]
  }

  let thread: WalkedThread
  private var batch: ArraySlice<DecodedEvent> = []
  private var place = 0
  private var window = ReadingWindow()
  /// Events before the present one, with those that are passed over.
  private(set) var count: UInt64 = 0
  /// By the depth.
  private(set) var frames: [Frame] = []
  /// Kinds of events that are passed over, as bits by their raw value.
  private let ignored: UInt32

  private static let deepest = 1 << 16

  init(_ file: TraceFile, fileIndex: Int, thread: Int, ignored: UInt32) {
    self.thread = WalkedThread(ThreadEvents(file, fileIndex: fileIndex, thread: thread))
    self.ignored = ignored
  }

  /// The next event that is not passed over; nil at the end. The event before is taken into the stack.
  @inline(__always)
  mutating func next() -> DecodedEvent? {
    while true {
      if place == batch.endIndex, !fill() { return nil }
      let event = batch[place]
      place &+= 1
      count &+= 1
      if ignored >> UInt32(event.kind.rawValue) & 1 == 0 { return event }
    }
  }

  @inline(never)
  private mutating func fill() -> Bool {
    thread.events.skip(batch.count)
    guard thread.events.hasNext || thread.events.fill(&window, limit: 1024) else {
      batch = []
      place = 0
      return false
    }
    batch = thread.events.rest
    place = batch.startIndex
    return true
  }

  /// The event was the same in both: it becomes a part of the stack.
  @inline(__always)
  mutating func accept(_ event: DecodedEvent) {
    let depth = Int(event.mark.depth)
    if event.kind.enters {
      settle(depth)
      frames.append(
        Frame(
          function: event.mark.function, line: event.mark.line,
          texts: event.hasTexts ? thread.texts(of: event) : []))
    } else if event.kind.leaves {
      settle(depth)
    } else {
      if frames.count != depth + 1 { settle(depth + 1) }
      if !frames.isEmpty {
        frames[frames.count - 1].line = event.mark.line
        frames[frames.count - 1].function = event.mark.function
      }
    }
  }

  @inline(__always)
  private mutating func settle(_ depth: Int) {
    if frames.count == depth { return }
    let depth = max(0, min(depth, Self.deepest))
    if frames.count > depth { frames.removeLast(frames.count - depth) }
    while frames.count < depth { frames.append(Frame(function: 0, line: 0, texts: [])) }
  }
}
