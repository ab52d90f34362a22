import TraceFormat

/// Goes through one thread of one of two recordings, counts what it comes to, and knows what is running.
struct EventCursor: ~Copyable {
  let thread: WalkedThread
  private var batch: ArraySlice<DecodedEvent> = []
  private var place = 0
  private var window = ReadingWindow()
  private var walker: CallWalker
  /// Events before the present one, with those that are passed over.
  private(set) var count: UInt64 = 0
  /// Kinds of events that are passed over, as bits by their raw value.
  private let ignored: UInt32
  /// Where the texts of running calls' arguments stand, by the calls' tags.
  private var arguments: [Int: [UInt64]] = [:]
  private var lastTag = 0

  /// Calls whose arguments are remembered, and frames of which nothing is known but that they are there.
  private static let most = 1 << 16

  init(
    _ file: TraceFile, fileIndex: Int, thread: Int, ignored: UInt32, _ statistics: inout Statistics
  ) {
    self.thread = WalkedThread(ThreadEvents(file, fileIndex: fileIndex, thread: thread))
    self.ignored = ignored
    walker = CallWalker(self.thread)
    statistics.begin(self.thread)
  }

  /// The next event that is not passed over; nil at the end. Every event is to be taken before the next
  /// is asked for.
  @inline(__always)
  mutating func next(_ statistics: inout Statistics) -> DecodedEvent? {
    while true {
      if place == batch.endIndex, !fill(&statistics) { return nil }
      let event = batch[place]
      place &+= 1
      count &+= 1
      if ignored >> UInt32(event.kind.rawValue) & 1 == 0 { return event }
      take(event, &statistics)
    }
  }

  /// Counts an event, and brings it about in the stack.
  @inline(__always)
  mutating func take(_ event: DecodedEvent, _ statistics: inout Statistics) {
    if !arguments.isEmpty, event.kind.leaves { forgetArguments() }
    walker.take(event, &statistics)
    if event.hasTexts, event.kind.enters { rememberArguments(event) }
  }

  /// Takes the rest of the events, and ends the thread. False where `progress` ends it.
  ///
  /// - Parameter progress: called now and then with the number of the thread's events so far.
  mutating func finish(
    _ statistics: inout Statistics, _ progress: (UInt64) throws -> Bool
  ) rethrows -> Bool {
    while let event = next(&statistics) {
      take(event, &statistics)
      if count & 0x3FFFF == 0, try !progress(count) { return false }
    }
    walker.finish(&statistics)
    return true
  }

  @inline(never)
  private mutating func fill(_ statistics: inout Statistics) -> Bool {
    thread.events.skip(batch.count)
    guard thread.events.hasNext || thread.events.fill(&window, limit: 1024) else {
      batch = []
      place = 0
      return false
    }
    if thread.events.isBehindGap { walker.skip(&statistics) }
    batch = thread.events.rest
    place = batch.startIndex
    return true
  }

  @inline(never)
  private mutating func rememberArguments(_ event: DecodedEvent) {
    // Of calls whose end is lost they stay.
    if arguments.count >= Self.most { arguments = [:] }
    lastTag += 1
    arguments[lastTag] = thread.texts(of: event)
    walker.stack.top.tag = lastTag
  }

  @inline(never)
  private mutating func forgetArguments() {
    if let tag = walker.stack.calls.last?.tag { arguments[tag] = nil }
  }

  /// What is running, the outermost first: the function, its line, and where the texts of its arguments
  /// stand.
  var frames: [(function: UInt32, line: Int32, arguments: [UInt64])] {
    let unknown = min(walker.stack.unknown, Self.most)
    return Array(repeating: (0, 0, []), count: unknown)
      + walker.stack.calls.filter { $0.builtin == 0 }.map { call in
        (call.function, call.line, arguments[call.tag] ?? [])
      }
  }
}
