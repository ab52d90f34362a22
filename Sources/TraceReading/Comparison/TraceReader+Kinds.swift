import TraceFormat

extension TraceReader {
  /// Returns the kinds of events in the recording, as bits numbered by their raw values.
  ///
  /// If one kind by which a function is entered occurs, all of these are included; likewise for
  /// kinds by which it is left.
  ///
  /// - Parameter progress: called now and then with the number of events read so far; returns false
  ///   to stop.
  /// - Returns: the kinds; nil if `progress` stopped the reading.
  func kinds(_ progress: (UInt64) throws -> Bool) rethrows -> UInt32? {
    var result: UInt32 = 0
    var window = ReadingWindow()
    var total: UInt64 = 0
    for (index, file) in files.enumerated() {
      for number in file.chunks.threadNumbers {
        let events = ThreadEvents(file, fileIndex: index, thread: number)
        while events.fill(&window, limit: 1024) {
          let rest = events.rest
          for event in rest { result |= event.kind.bit }
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

  private static let entering = EventKind.bits { $0.enters }
  private static let leaving = EventKind.bits { $0.leaves }
}
