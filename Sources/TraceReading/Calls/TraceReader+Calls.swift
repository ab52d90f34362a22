import TraceFormat

/// Which threads of a recording are gone through.
public struct ThreadSelection: Sendable {
  /// The number of the only process; nil for all.
  public var process: UInt32?
  /// The number of the only thread, in its process; nil for all.
  public var thread: Int?

  /// Selects all threads, those of a process, or those of a number.
  public init(process: UInt32? = nil, thread: Int? = nil) {
    self.process = process
    self.thread = thread
  }

  func includes(_ file: TraceFile, _ number: Int) -> Bool {
    (process == nil || process == file.header.processID) && (thread == nil || thread == number)
  }
}

extension TraceReader {
  /// Goes through the calls of all threads that are selected, as below, to the end.
  public func walkCalls<Visitor: CallVisitor>(
    _ selection: ThreadSelection = ThreadSelection(), _ visitor: inout Visitor
  ) {
    _ = walkCalls(selection, &visitor) { _ in true }
  }

  /// Goes through the calls of all threads, one thread after another: file by file, and in each by the
  /// threads' numbers. What the iteration of events has taken does not matter.
  ///
  /// - Parameters:
  ///   - selection: which threads.
  ///   - visitor: is told of the calls.
  ///   - isOver: asked often; true ends the walk.
  ///   - progress: called now and then with the number of events that have been read; false ends the
  ///     walk. The calls that are running are left then.
  /// - Returns: false where `progress` has ended it.
  public func walkCalls<Visitor: CallVisitor>(
    _ selection: ThreadSelection = ThreadSelection(), _ visitor: inout Visitor,
    isOver: () -> Bool = { false }, progress: (UInt64) throws -> Bool
  ) rethrows -> Bool {
    var window = ReadingWindow()
    var total: UInt64 = 0
    for (index, file) in files.enumerated() {
      for number in file.chunks.threadNumbers where selection.includes(file, number) {
        let events = ThreadEvents(file, fileIndex: index, thread: number)
        guard try walk(events, &window, &visitor, &total, isOver, progress) else { return false }
      }
    }
    return true
  }

  private func walk<Visitor: CallVisitor>(
    _ events: ThreadEvents, _ window: inout ReadingWindow, _ visitor: inout Visitor,
    _ total: inout UInt64, _ isOver: () -> Bool, _ progress: (UInt64) throws -> Bool
  ) rethrows -> Bool {
    let thread = WalkedThread(events)
    var walker = CallWalker(thread)
    visitor.begin(thread)
    defer { walker.finish(&visitor) }
    while events.fill(&window, limit: 1024) {
      if events.isBehindGap { walker.skip(&visitor) }
      let rest = events.rest
      var first = rest.startIndex
      for mark in events.indirect {
        for event in rest[first..<mark.place] { walker.take(event, &visitor) }
        walker.takeIndirect(rest[mark.place], goesOn: mark.goesOn, &visitor)
        first = mark.place + 1
      }
      for event in rest[first...] { walker.take(event, &visitor) }
      events.skip(rest.count)
      if isOver() { return false }
      let before = total
      total &+= UInt64(rest.count)
      if total >> 18 != before >> 18, try !progress(total) { return false }
    }
    return true
  }
}
