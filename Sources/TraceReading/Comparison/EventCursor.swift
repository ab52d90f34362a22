import TraceFormat

/// Goes through one thread of one of two recordings, counts what it comes to, and knows what is running.
struct EventCursor: ~Copyable {
  let thread: WalkedThread
  /// Events that have been read and not taken.
  private(set) var rest: ArraySlice<DecodedEvent> = []
  /// The events of `rest` that enter a frame from code that is not recorded.
  private var indirect: ArraySlice<EventBatch.Indirect> = []
  private var window = ReadingWindow()
  private var walker: CallWalker
  /// Events that have been taken.
  private(set) var count: UInt64 = 0
  /// Where the texts of running calls' arguments stand, by the calls' tags.
  private var arguments: [Int: [UInt64]] = [:]
  private var lastTag = 0
  /// Texts in `arguments`.
  private var argumentTexts = 0

  /// Calls whose arguments are remembered.
  private static let most = 1 << 16
  /// Texts of arguments that are remembered.
  private static let mostTexts = 1 << 19
  /// Frames of a divergence, from the innermost.
  private static let mostFrames = 1000

  init(_ file: TraceFile, fileIndex: Int, thread: Int, _ statistics: inout Statistics) {
    self.thread = WalkedThread(ThreadEvents(file, fileIndex: fileIndex, thread: thread))
    walker = CallWalker(self.thread)
    statistics.begin(self.thread)
  }

  /// Sees to it that there are events which were not taken. False where the thread is over.
  mutating func fill(_ statistics: inout Statistics) -> Bool {
    if !rest.isEmpty { return true }
    // Let go of, they need no other memory.
    rest = []
    guard thread.events.fill(&window, limit: 1024) else { return false }
    if thread.events.isBehindGap { walker.skip(&statistics) }
    rest = thread.events.rest
    indirect = thread.events.indirect[...]
    return true
  }

  /// Counts the next events, and brings them about in the stack.
  mutating func take(_ number: Int, _ statistics: inout Statistics) {
    for place in rest.startIndex..<(rest.startIndex + min(number, rest.count)) {
      let event = rest[place]
      if !arguments.isEmpty, event.kind.leaves { forgetArguments() }
      if let next = indirect.first, next.place == place {
        indirect.removeFirst()
        walker.takeIndirect(event, goesOn: next.goesOn, &statistics)
      } else {
        walker.take(event, &statistics)
      }
      if event.hasTexts, event.kind.enters { rememberArguments(event) }
    }
    rest = rest.dropFirst(number)
    count &+= UInt64(number)
  }

  /// Takes all that is left, and ends the thread. False where `progress` ends it.
  ///
  /// - Parameter progress: called now and then with the number of the thread's events so far.
  mutating func finish(
    _ statistics: inout Statistics, _ progress: (UInt64) throws -> Bool
  ) rethrows -> Bool {
    while fill(&statistics) {
      let before = count
      take(rest.count, &statistics)
      if count >> 18 != before >> 18, try !progress(count) { return false }
    }
    walker.finish(&statistics)
    return true
  }

  @inline(never)
  private mutating func rememberArguments(_ event: DecodedEvent) {
    // Of calls whose end is lost they stay.
    if arguments.count >= Self.most || argumentTexts >= Self.mostTexts {
      (arguments, argumentTexts) = ([:], 0)
    }
    lastTag += 1
    argumentTexts += thread.texts(of: event).count
    arguments[lastTag] = thread.texts(of: event)
    walker.stack.top.tag = lastTag
  }

  @inline(never)
  private mutating func forgetArguments() {
    guard let tag = walker.stack.calls.last?.tag else { return }
    argumentTexts -= arguments.removeValue(forKey: tag)?.count ?? 0
  }

  /// What is running, up to the 1,000 innermost, the outermost first: the function, its line, and where the texts of its arguments
  /// stand.
  var frames: [(function: UInt32, line: Int32, arguments: [UInt64])] {
    let known = walker.stack.calls.suffix(Self.mostFrames).filter { $0.cFunction == 0 }.map {
      call in
      (call.function, call.line, arguments[call.tag] ?? [])
    }
    let unknown = min(walker.stack.unknown, max(0, Self.mostFrames - walker.stack.calls.count))
    return Array(repeating: (0, 0, []), count: unknown) + known
  }
}
