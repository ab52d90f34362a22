import TraceFormat

extension TraceReader {
  /// The kinds of events that there are, as bits by their raw value. Kinds that tell apart how a function
  /// is entered, or left, count as one.
  ///
  /// - Parameter progress: called now and then with the number of events that have been read.
  /// - Returns: nil where `progress` has ended it.
  func kinds(_ progress: (UInt64) throws -> Bool) rethrows -> UInt32? {
    var result: UInt32 = 0
    var window = ReadingWindow()
    var total: UInt64 = 0
    for (index, file) in files.enumerated() {
      for number in file.chunks.threadNumbers {
        let events = ThreadEvents(file, fileIndex: index, thread: number)
        while events.fill(&window, limit: 1024) {
          let rest = events.rest
          for event in rest { result |= 1 << UInt32(event.kind.rawValue) }
          events.skip(rest.count)
          let before = total
          total &+= UInt64(rest.count)
          if total >> 18 != before >> 18, try !progress(total) { return nil }
        }
      }
    }
    for group in [Self.entering, Self.leaving] where result & group != 0 { result |= group }
    return result
  }

  private static let entering = bits(.call, .resume)
  private static let leaving = bits(.return, .yield, .await, .unwind)

  private static func bits(_ kinds: EventKind...) -> UInt32 {
    kinds.reduce(0) { $0 | 1 << UInt32($1.rawValue) }
  }
}
