import TraceFormat

/// How often each line ran: an array of counters for each code object, starting at its first line.
struct LineCounts {
  /// The counters of a code object.
  private struct Run {
    /// Array of `count` counters; freed by `LineCounts.destroy`.
    var counters: FixedBuffer<UInt64>?
    var count: Int32 = 0
    var firstLine: Int32 = 0
    /// Index of the file; -1 before the first event, -2 if the module is ignored.
    var file: Int32 = -1
  }

  private struct FarLine: Hashable {
    let file: Int32
    let line: Int32
  }

  private var ignore: StandardIgnore
  private var runs: [Run] = []
  private var files: [String] = []
  private var fileNumbers: [String: Int32] = [:]
  /// Counts of lines that are too far from the first line of their function for a counter.
  private var farCounts: [FarLine: UInt64] = [:]

  init(ignoring ignore: StandardIgnore) { self.ignore = ignore }

  func destroy() {
    for run in runs { run.counters?.free() }
  }

  /// Counts a line, in a session that may have other strategies.
  @inline(__always)
  mutating func count(_ event: borrowing LineEvent) {
    let number = Int(event.function.number)
    let line = event.line
    if number < runs.count {
      let run = runs[number]
      let offset = line &- run.firstLine
      if UInt32(bitPattern: offset) < UInt32(bitPattern: run.count) {
        run.counters![Int(offset)] &+= 1
        return
      }
      if run.file == -2 { return }
    }
    if meet(event.function, event.frame) { countFirst(number, line) }
  }

  /// Returns whether the function's lines are counted; decided at its first event.
  @inline(never)
  mutating func meet(_ function: borrowing Function, _ frame: borrowing Frame) -> Bool {
    let number = Int(function.number)
    if number >= runs.count {
      let missing = max(number + 1, runs.count * 2) - runs.count
      MemoryReserve.ensure((runs.count + missing) * MemoryLayout<Run>.stride * 2)
      runs.append(contentsOf: repeatElement(Run(), count: missing))
    }
    if runs[number].file == -1 {
      let isIgnored = ignore.ignores(file: frame.moduleFile)
      runs[number].file = isIgnored ? -2 : numberOfFile(function.file)
      runs[number].firstLine = function.firstLine
    }
    return runs[number].file >= 0
  }

  /// Counts a line that has no counter yet.
  @inline(never)
  mutating func countFirst(_ number: Int, _ line: Int32) {
    let run = runs[number]
    let offset = Int(line) - Int(run.firstLine)
    guard offset >= 0, offset < 100_000 else {
      if farCounts.count == farCounts.capacity {
        MemoryReserve.ensure((farCounts.count + 16) * 128)
      }
      farCounts[FarLine(file: run.file, line: line), default: 0] += 1
      return
    }
    let length = max(16, (offset + 1) * 2)
    MemoryReserve.ensure(length * 8)
    let counters = FixedBuffer<UInt64>(repeating: 0, count: length)
    if let known = run.counters {
      counters.update(from: known, count: Int(run.count))
      known.free()
    }
    counters[offset] += 1
    runs[number].counters = counters
    runs[number].count = Int32(length)
  }

  /// Stores the counters in the function's record, so that the handlers reach them directly.
  func name(_ record: Pinned<FunctionRecord>) {
    let run = runs[Int(record.value.number)]
    record.value.counters = run.counters
    record.value.counterCount = run.count
  }

  private mutating func numberOfFile(_ file: String) -> Int32 {
    if let known = fileNumbers[file] { return known }
    files.append(file)
    fileNumbers[file] = Int32(files.count - 1)
    return Int32(files.count - 1)
  }

  /// The counts: for each file, in the order of their first events, its lines, in ascending order,
  /// and how often each ran.
  var results: [(file: String, lines: [(line: Int32, count: UInt64)])] {
    var lines = [[Int32: UInt64]](repeating: [:], count: files.count)
    for run in runs where run.file >= 0 {
      for offset in 0..<run.count {
        let count = run.counters![Int(offset)]
        if count > 0 { lines[Int(run.file)][run.firstLine &+ offset, default: 0] &+= count }
      }
    }
    for (far, count) in farCounts { lines[Int(far.file)][far.line, default: 0] += count }
    return zip(files, lines).map { file, lines in
      (file, lines.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }
  }
}
