import TraceFormat

/// Counts of a recording: the events of each thread by kind, and its tasks.
public struct Overview: Sendable {
  /// Counts of a thread.
  public struct Thread: Sendable {
    /// Index of the thread in its file.
    public let index: Int
    /// Number of events, by the raw value of their kind.
    public fileprivate(set) var events: [UInt64] = Array(repeating: 0, count: 16)
    /// Times of the first event and of the last, in nanoseconds of CLOCK_MONOTONIC; nil without
    /// events.
    public fileprivate(set) var times: ClosedRange<UInt64>?
    /// Number of tasks.
    public fileprivate(set) var tasks: UInt32 = 0

    fileprivate init(index: Int) { self.index = index }

    fileprivate mutating func add(_ batch: ArraySlice<DecodedEvent>) {
      guard let first = batch.first?.mark.time, let last = batch.last?.mark.time else { return }
      times = min(first, times?.lowerBound ?? first)...max(first, last, times?.upperBound ?? last)
      for event in batch {
        events[Int(event.kind.rawValue)] &+= 1
        if event.task > tasks { tasks = event.task }
      }
    }
  }

  /// The threads of each file of the recording, by index.
  public private(set) var files: [[Thread]] = []

  /// Counts the events of a recording.
  ///
  /// - Parameters:
  ///   - reader: the recording.
  ///   - progress: called now and then with the number of events read so far; returns false to
  ///     stop.
  /// - Returns: the counts; nil if `progress` stopped the reading.
  public static func of(
    _ reader: TraceReader, progress: (UInt64) -> Bool = { _ in true }
  ) -> Overview? {
    var result = Overview()
    var window = ReadingWindow()
    var total: UInt64 = 0
    for (place, file) in reader.files.enumerated() {
      let numbers = Set(file.threads.keys).union(file.chunks.threadNumbers)
      var threads: [Thread] = []
      for number in numbers.sorted() {
        var thread = Thread(index: number)
        let events = ThreadEvents(file, fileIndex: place, thread: number)
        while events.fill(&window, limit: 1024) {
          let rest = events.rest
          thread.add(rest)
          events.skip(rest.count)
          let before = total
          total &+= UInt64(rest.count)
          if total >> 18 != before >> 18, !progress(total) { return nil }
        }
        threads.append(thread)
      }
      result.files.append(threads)
    }
    return result
  }
}
