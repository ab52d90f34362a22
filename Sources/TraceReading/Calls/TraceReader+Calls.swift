import TraceFormat

/// The threads of a recording to visit.
public struct ThreadSelection: Sendable {
  /// ID of the only process to visit; nil for all.
  public var process: UInt32?
  /// Number, in its process, of the only thread to visit; nil for all.
  public var thread: Int?

  /// Selects all threads, or those of a process, or those with a number.
  public init(process: UInt32? = nil, thread: Int? = nil) {
    self.process = process
    self.thread = thread
  }

  func includes(_ file: TraceFile, _ number: Int) -> Bool {
    (process == nil || process == file.header.processID) && (thread == nil || thread == number)
  }
}

extension TraceReader {
  /// Visits the calls of all selected threads, one thread after another.
  public func walkCalls<Visitor: CallVisitor>(
    _ selection: ThreadSelection = ThreadSelection(), _ visitor: inout Visitor
  ) {
    _ = walkCalls(selection, &visitor) { _ in true }
  }

  /// Visits the calls of all selected threads, one thread after another: file by file, and in each
  /// file by the threads' numbers. Independent of the position of `next()`.
  ///
  /// - Parameters:
  ///   - selection: the threads to visit.
  ///   - visitor: receives the calls.
  ///   - isOver: called often; returns true to stop.
  ///   - progress: called now and then with the number of events read so far; returns false to
  ///     stop. The running calls are then left as lost.
  /// - Returns: false if `progress` or `isOver` stopped the visit.
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
