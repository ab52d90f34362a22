import TraceFormat

/// Reads one thread of one recording, counts its events, and maintains its stack.
struct EventCursor: ~Copyable {
  let thread: WalkedThread
  /// Events that have been read and not taken.
  private(set) var rest: ArraySlice<DecodedEvent> = []
  /// The events of `rest` that enter a frame from code that is not recorded.
  private var indirect: ArraySlice<EventBatch.Indirect> = []
  private var window = ReadingWindow()
  private var walker: CallWalker
  /// Number of events that have been taken.
  private(set) var count: UInt64 = 0
  /// Offsets of the strings of running calls' arguments, by the calls' tags.
  private var arguments: [Int: [UInt64]] = [:]
  private var lastTag = 0
  /// Number of strings in `arguments`.
  private var argumentTexts = 0

  /// Maximum number of calls whose arguments are kept.
  private static let most = 1 << 16
  /// Maximum number of argument strings that are kept.
  private static let mostTexts = 1 << 19
  /// Maximum number of frames in a divergence, from the innermost.
  private static let mostFrames = 1000

  init(_ file: TraceFile, fileIndex: Int, thread: Int, _ statistics: inout Statistics) {
    self.thread = WalkedThread(ThreadEvents(file, fileIndex: fileIndex, thread: thread))
    walker = CallWalker(self.thread)
    statistics.begin(self.thread)
  }

  /// Reads events, unless some are left. Returns false if the thread has ended.
  mutating func fill(_ statistics: inout Statistics) -> Bool {
    if !rest.isEmpty { return true }
    // Release the batch, so that its memory is reused.
    rest = []
    guard thread.events.fill(&window, limit: 1024) else { return false }
    if thread.events.isBehindGap { walker.skip(&statistics) }
    rest = thread.events.rest
    indirect = thread.events.indirect[...]
    return true
  }

  /// Counts the next events, and applies them to the stack.
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

  /// Takes all remaining events, and ends the thread. Returns false if `progress` stopped it.
  ///
  /// - Parameter progress: called now and then with the number of the thread's events so far;
  ///   returns false to stop.
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
    // Entries of calls whose end is lost are not removed one by one, so clear all at the limit.
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

  /// The frames that are running, at most the 1,000 innermost, the outermost first: function, line,
  /// and offsets of the arguments' strings.
  var frames: [(function: UInt32, line: Int32, arguments: [UInt64])] {
    let known = walker.stack.calls.suffix(Self.mostFrames).filter { $0.cFunction == 0 }.map {
      call in
      (call.function, call.line, arguments[call.tag] ?? [])
    }
    let unknown = min(walker.stack.unknown, max(0, Self.mostFrames - walker.stack.calls.count))
    return Array(repeating: (0, 0, []), count: unknown) + known
  }
}
