import TraceFormat

/// Compares two recordings, thread by thread and event by event, and counts the events of both.
///
/// Threads correspond by their numbers, and files by their order. Times, addresses, and numbers
/// that look like an `id()` are not compared. Memory does not grow with the recordings.
public struct Comparison {
  /// The first difference of each thread that is in both recordings and differs; at most 1,000.
  public private(set) var divergences: [Divergence] = []
  /// Number of threads that differ.
  public private(set) var differing = 0
  /// Threads that only the first recording has: index of the file, and number of the thread.
  public private(set) var onlyInFirst: [(file: Int, thread: Int)] = []
  /// Threads that only the second recording has: index of the file, and number of the thread.
  public private(set) var onlyInSecond: [(file: Int, thread: Int)] = []
  /// Number of events that are equal in both.
  public private(set) var same: UInt64 = 0
  /// Number of threads that are equal to their end.
  public private(set) var sameThreads = 0
  /// Counts and times of the first recording.
  public private(set) var firstStatistics = Statistics()
  /// Counts and times of the second recording.
  public private(set) var secondStatistics = Statistics()

  private let first: TraceReader
  private let second: TraceReader
  private var names = FunctionNames()
  private let comparesValues: Bool
  private static let mostDivergences = 1000
  /// Kinds of events that are not compared, as bits numbered by their raw values.
  private var ignored: UInt32 = 0
  /// Number of events of the first recording's threads that have been compared.
  private var done: UInt64 = 0

  /// Creates a comparison, without reading events.
  ///
  /// - Parameters:
  ///   - first: the first recording.
  ///   - second: the second recording.
  ///   - values: whether to compare values, if both recordings have them.
  public init(_ first: TraceReader, _ second: TraceReader, values: Bool = true) {
    self.first = first
    self.second = second
    comparesValues =
      values && first.files[0].header.hasValues && second.files[0].header.hasValues
  }

  /// Runs the comparison.
  ///
  /// - Parameter progress: called now and then with a number that grows up to the number of the
  ///   first recording's events; returns false to stop.
  public mutating func run(progress: (UInt64) throws -> Bool) rethrows {
    // Kinds of events that only one run recorded are not compared. If the options differ, an extra
    // pass over both recordings finds these kinds.
    guard first.files[0].header.options != second.files[0].header.options else {
      return try compareAll(progress)
    }
    var passed: UInt64 = 0
    let one = try first.kinds { count in
      passed = count / 3
      return try progress(passed)
    }
    let other = try second.kinds { count in try progress(passed &+ count / 3) }
    guard let one, let other else { return }
    ignored = one ^ other
    try compareAll { count in try progress(2 &* passed &+ count / 3) }
  }

  private mutating func compareAll(_ progress: (UInt64) throws -> Bool) rethrows {
    for index in 0..<max(first.files.count, second.files.count) {
      let one = index < first.files.count ? first.files[index] : nil
      let other = index < second.files.count ? second.files[index] : nil
      let numbers = FileNumbers(one, other, &names)
      let threads = Set(one?.chunks.threadNumbers ?? [])
      let others = Set(other?.chunks.threadNumbers ?? [])
      for thread in threads.union(others).sorted() {
        let goesOn: Bool
        if let one, let other, threads.contains(thread), others.contains(thread) {
          goesOn = try compare(one, other, index, thread, numbers, progress)
        } else if let one, threads.contains(thread) {
          onlyInFirst.append((index, thread))
          goesOn = try count(one, index, thread, &firstStatistics, progress)
        } else if let other {
          onlyInSecond.append((index, thread))
          goesOn = try count(other, index, thread, &secondStatistics, progress)
        } else {
          goesOn = true
        }
        guard goesOn else { return }
      }
    }
    firstStatistics.finish()
    secondStatistics.finish()
  }

  /// Counts a thread that only one recording has. Returns false if `progress` stopped the
  /// comparison.
  private func count(
    _ file: TraceFile, _ index: Int, _ thread: Int, _ statistics: inout Statistics,
    _ progress: (UInt64) throws -> Bool
  ) rethrows -> Bool {
    var cursor = EventCursor(file, fileIndex: index, thread: thread, &statistics)
    let done = done
    return try cursor.finish(&statistics) { _ in try progress(done) }
  }

  /// Compares a thread up to its first difference, and counts the rest. Returns false if `progress`
  /// stopped the comparison.
  private mutating func compare(
    _ one: TraceFile, _ other: TraceFile, _ index: Int, _ thread: Int, _ numbers: FileNumbers,
    _ progress: (UInt64) throws -> Bool
  ) rethrows -> Bool {
    let before = done
    var left = EventCursor(one, fileIndex: index, thread: thread, &firstStatistics)
    var right = EventCursor(other, fileIndex: index, thread: thread, &secondStatistics)
    while true {
      // Fill both, even if the first has no events.
      let (hasLeft, hasRight) = (left.fill(&firstStatistics), right.fill(&secondStatistics))
      guard hasLeft || hasRight else {
        sameThreads += 1
        break
      }
      let step = compare(left.rest, left.thread, right.rest, right.thread, numbers)
      let count = left.count
      left.take(step.first, &firstStatistics)
      right.take(step.second, &secondStatistics)
      same &+= step.same
      if let difference = step.difference {
        differing += 1
        if divergences.count < Self.mostDivergences {
          divergences.append(
            Divergence(difference: difference, first: left.side, second: right.side))
        }
        break
      }
      if left.count >> 18 != count >> 18, try !progress(before &+ left.count) { return false }
    }
    guard try left.finish(&firstStatistics, { try progress(before &+ $0) }) else { return false }
    done = before &+ left.count
    let after = done
    return try right.finish(&secondStatistics) { _ in try progress(after) }
  }

  /// Compares the next events of two threads, up to the first difference or the end of either
  /// slice. An empty slice means that the thread has ended.
  ///
  /// Returns the number of events to take from each, the number of equal events, and the
  /// difference, if there is one.
  private func compare(
    _ left: ArraySlice<DecodedEvent>, _ leftThread: WalkedThread,
    _ right: ArraySlice<DecodedEvent>, _ rightThread: WalkedThread, _ numbers: FileNumbers
  ) -> (first: Int, second: Int, same: UInt64, difference: Divergence.Difference?) {
    var (one, other, same) = (left.startIndex, right.startIndex, UInt64(0))
    var difference: Divergence.Difference?
    while true {
      while one < left.endIndex, isIgnored(left[one]) { one &+= 1 }
      while other < right.endIndex, isIgnored(right[other]) { other &+= 1 }
      guard one < left.endIndex, other < right.endIndex else { break }
      difference = self.difference(left[one], leftThread, right[other], rightThread, numbers)
      if difference != nil { break }
      one &+= 1
      other &+= 1
      same &+= 1
    }
    // One thread continues, and the other has ended.
    if left.isEmpty && other < right.endIndex || right.isEmpty && one < left.endIndex {
      difference = .path
    }
    return (one - left.startIndex, other - right.startIndex, same, difference)
  }

  @inline(__always)
  private func isIgnored(_ event: DecodedEvent) -> Bool {
    ignored & event.kind.bit != 0
  }

  /// Returns the kind of difference between two events, or nil if they are equal.
  @inline(__always)
  private func difference(
    _ one: DecodedEvent, _ left: WalkedThread, _ other: DecodedEvent, _ right: WalkedThread,
    _ numbers: FileNumbers
  ) -> Divergence.Difference? {
    let isSame =
      one.kind == other.kind && one.mark.depth == other.mark.depth
      && one.mark.line == other.mark.line
      && numbers.areSame(one.mark.function, other.mark.function)
      && (one.cFunction == 0 && other.cFunction == 0
        || numbers.areSame(cFunction: one.cFunction, other.cFunction))
    if !isSame { return .path }
    guard one.hasTexts || other.hasTexts else { return nil }
    return hasSameTexts(one, left, other, right) ? nil : .value
  }

  @inline(never)
  private func hasSameTexts(
    _ one: DecodedEvent, _ left: WalkedThread, _ other: DecodedEvent, _ right: WalkedThread
  ) -> Bool {
    let (texts, others) = (left.texts(of: one), right.texts(of: other))
    if !comparesValues, !one.kind.namesException { return true }
    let count = comparesValues ? max(texts.count, others.count) : 1
    for index in 0..<count {
      guard index < texts.count, index < others.count else { return false }
      let text = left.file.text(at: texts[index])
      let otherText = right.file.text(at: others[index])
      if text != otherText, comparable(text ?? []) != comparable(otherText ?? []) { return false }
    }
    return true
  }
}
