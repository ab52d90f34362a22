import TraceFormat

/// Goes through one thread of one of two recordings, counts what it comes to, and knows what is running.
struct EventCursor: ~Copyable {
  let thread: WalkedThread
  /// Events that have been read and not taken.
  private(set) var rest: ArraySlice<DecodedEvent> = []
  private var window = ReadingWindow()
  private var walker: CallWalker
  /// Events that have been taken.
  private(set) var count: UInt64 = 0
  /// Where the texts of running calls' arguments stand, by the calls' tags.
  private var arguments: [Int: [UInt64]] = [:]
  private var lastTag = 0

  /// Calls whose arguments are remembered, and frames of which nothing is known but that they are there.
  private static let most = 1 << 16

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
    return true
  }

  /// Counts the next events, and brings them about in the stack.
  mutating func take(_ number: Int, _ statistics: inout Statistics) {
    for event in rest.prefix(number) {
      if !arguments.isEmpty, event.kind.leaves { forgetArguments() }
      walker.take(event, &statistics)
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
