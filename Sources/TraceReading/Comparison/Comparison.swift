import TraceFormat

/// Compares two recordings, thread by thread and event by event.
///
/// Threads belong together by their numbers, and files by their order. Times, addresses and what looks
/// like an `id()` are no difference. Memory does not grow with the recordings.
public struct Comparison {
  /// Where threads that both have first differ.
  public private(set) var divergences: [Divergence] = []
  /// Threads that one of the two has alone: the file and the number.
  public private(set) var onlyInFirst: [(file: Int, thread: Int)] = []
  /// The same of the second.
  public private(set) var onlyInSecond: [(file: Int, thread: Int)] = []
  /// Events that were the same.
  public private(set) var same: UInt64 = 0
  /// Threads that did the same to the end.
  public private(set) var sameThreads = 0

  private let first: TraceReader
  private let second: TraceReader
  private var names = FunctionNames()
  private let ignored: UInt32
  private let comparesValues: Bool

  /// Prepares to compare two recordings.
  ///
  /// - Parameters:
  ///   - first: a recording, and its statistics.
  ///   - second: another one, and its.
  ///   - values: whether values are compared, where both have them.
  public init(
    _ first: (reader: TraceReader, statistics: Statistics),
    _ second: (reader: TraceReader, statistics: Statistics), values: Bool = true
  ) {
    self.first = first.reader
    self.second = second.reader
    // What was asked for in one alone is no difference of the runs.
    let isSameRequest =
      first.reader.files[0].header.options == second.reader.files[0].header.options
    ignored = isSameRequest ? 0 : first.statistics.kinds ^ second.statistics.kinds
    comparesValues =
      values && first.reader.files[0].header.hasValues && second.reader.files[0].header.hasValues
  }

  /// Compares.
  ///
  /// - Parameter progress: called now and then with the number of events that were compared; false ends
  ///   the comparison.
  public mutating func run(progress: (UInt64) throws -> Bool) rethrows {
    for index in 0..<max(first.files.count, second.files.count) {
      let one = index < first.files.count ? first.files[index] : nil
      let other = index < second.files.count ? second.files[index] : nil
      let threads = Set(one?.chunks.threadNumbers ?? [])
      let others = Set(other?.chunks.threadNumbers ?? [])
      onlyInFirst += threads.subtracting(others).sorted().map { (index, $0) }
      onlyInSecond += others.subtracting(threads).sorted().map { (index, $0) }
      guard let one, let other else { continue }
      let numbers = (names.numbers(of: one), names.numbers(of: other))
      let builtins = (names.builtinNumbers(of: one), names.builtinNumbers(of: other))
      for thread in threads.intersection(others).sorted() {
        var left = EventCursor(one, fileIndex: index, thread: thread, ignored: ignored)
        var right = EventCursor(other, fileIndex: index, thread: thread, ignored: ignored)
        let goesOn = try compare(&left, &right, numbers, builtins, progress)
        guard goesOn else { return }
      }
    }
  }

  /// Compares a thread. False where `progress` has ended it.
  private mutating func compare(
    _ left: inout EventCursor, _ right: inout EventCursor, _ numbers: ([UInt32], [UInt32]),
    _ builtins: ([UInt32], [UInt32]), _ progress: (UInt64) throws -> Bool
  ) rethrows -> Bool {
    while true {
      let (one, other) = (left.next(), right.next())
      guard let one, let other else {
        if one == nil, other == nil {
          sameThreads += 1
        } else {
          divergences.append(
            Divergence(difference: .path, first: left.side(one), second: right.side(other)))
        }
        return true
      }
      let isSame =
        one.kind == other.kind && one.mark.depth == other.mark.depth
        && one.mark.line == other.mark.line
        && number(numbers.0, one.mark.function) == number(numbers.1, other.mark.function)
        && (one.builtin == 0 && other.builtin == 0
          || number(builtins.0, one.builtin) == number(builtins.1, other.builtin))
      if !isSame || (one.hasTexts || other.hasTexts) && !hasSameTexts(one, left, other, right) {
        divergences.append(
          Divergence(
            difference: isSame ? .value : .path, first: left.side(one), second: right.side(other)))
        return true
      }
      left.accept(one)
      right.accept(other)
      same &+= 1
      if same & 0x3FFFF == 0, try !progress(same) { return false }
    }
  }

  @inline(__always)
  private func number(_ numbers: borrowing [UInt32], _ place: UInt32) -> UInt32 {
    Int(place) < numbers.count ? numbers[Int(place)] : 0
  }

  @inline(never)
  private func hasSameTexts(
    _ one: DecodedEvent, _ left: borrowing EventCursor, _ other: DecodedEvent,
    _ right: borrowing EventCursor
  ) -> Bool {
    let (texts, others) = (left.thread.texts(of: one), right.thread.texts(of: other))
    // The class of an exception is there in any case; the rest are values.
    let isException = one.kind == .exception || one.kind == .unwind
    if !comparesValues, !isException { return true }
    let count = comparesValues ? max(texts.count, others.count) : 1
    for index in 0..<count {
      guard index < texts.count, index < others.count else { return false }
      let text = left.thread.file.text(at: texts[index])
      let otherText = right.thread.file.text(at: others[index])
      if text != otherText, comparable(text ?? []) != comparable(otherText ?? []) { return false }
    }
    return true
  }
}

extension Statistics {
  /// The kinds of events that there are, as bits by their raw value.
  var kinds: UInt32 {
    var result: UInt32 = 0
    for group in groups {
      for (kind, count) in group.events.enumerated() where count > 0 { result |= 1 << kind }
    }
    // What tells a call or a leaving apart is no matter of what was recorded.
    let entering: UInt32 = 1 << EventKind.call.rawValue | 1 << EventKind.resume.rawValue
    let leaving: UInt32 = (EventKind.return.rawValue...EventKind.unwind.rawValue).reduce(0) {
      $0 | 1 << UInt32($1)
    }
    if result & entering != 0 { result |= entering }
    if result & leaving != 0 { result |= leaving }
    return result
  }
}
