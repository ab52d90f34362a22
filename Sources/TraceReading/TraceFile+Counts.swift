import TraceFormat

extension TraceFile {
  /// Current size of the file, in bytes.
  public var size: UInt64 { bytes.size }

  /// Counts the events that are in the file, and those that are not, because they were evicted or
  /// found no space.
  ///
  /// Only the last chunk of a thread is read, and only if it is open because its process was killed
  /// or still runs.
  public func countEvents() -> (kept: UInt64, dropped: UInt64) {
    var window = ReadingWindow()
    var kept: UInt64 = 0
    for thread in chunks.threadNumbers {
      guard let first = chunks.first(of: thread)?.header, let last = chunks.last(of: thread)?.header
      else { continue }
      kept &+= last.eventsBefore &- first.eventsBefore
      if last.used > 0 {
        kept &+= UInt64(last.events)
        continue
      }
      let open = ThreadEvents(self, fileIndex: 0, thread: thread, from: last.sequence)
      while open.fill(&window, limit: 4096) {
        kept &+= UInt64(open.rest.count)
        open.skip(open.rest.count)
      }
    }
    let dropped = threads.keys.reduce(0) { $0 &+ (self.dropped(of: $1)?.count ?? 0) }
    return (kept, dropped)
  }
}
