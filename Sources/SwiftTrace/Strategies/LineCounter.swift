/// Counts how often each line runs, as `python -m trace --count` does.
///
/// The counts stand in one array, a run of it for each code object: an event is an addition. At the end
/// they are written as one line of JSON: `[[FILE, [[LINE, COUNT], …]], …]`, files in the order of their
/// first line.
public struct LineCounter: TracerStrategy {
  public let interests: EventSet = .line
  private let sink: TextSink
  private var ignore: StandardIgnore
  private var places: [Place] = []
  private var counts: [UInt64] = []
  private var files: [String] = []
  private var fileNumbers: [String: Int32] = [:]
  /// Lines that are too far from their function's first one to have a place.
  private var farCounts: [FarLine: UInt64] = [:]

  private struct FarLine: Hashable {
    let file: Int32
    let line: Int32
  }

  /// Where the counts of a code object are.
  private struct Place {
    var start = 0
    var count: Int32 = 0
    var firstLine: Int32 = 0
    /// -1 before the first event, -2 of one that is left out.
    var file: Int32 = -1
  }

  /// Counts lines, and writes the counts to a sink.
  ///
  /// - Parameters:
  ///   - sink: where the counts go at the end.
  ///   - ignore: which modules are not counted.
  public init(to sink: TextSink, ignoring ignore: StandardIgnore) {
    self.sink = sink
    self.ignore = ignore
  }

  public mutating func line(_ event: borrowing LineEvent) throws {
    let number = Int(event.function.number)
    let line = event.line
    if number < places.count {
      let place = places[number]
      let offset = line &- place.firstLine
      if offset >= 0, offset < place.count {
        counts[place.start &+ Int(offset)] &+= 1
        return
      }
      if place.file == -2 { return }
    }
    countFirst(event, number, line)
  }

  /// Counts a line that has no place yet.
  @inline(never)
  private mutating func countFirst(_ event: borrowing LineEvent, _ number: Int, _ line: Int32) {
    if number >= places.count {
      let missing = max(number + 1, places.count * 2) - places.count
      places.append(contentsOf: repeatElement(Place(), count: missing))
    }
    if places[number].file == -1 {
      guard !ignore.ignores(file: event.frame.moduleFile) else {
        places[number].file = -2
        return
      }
      places[number].file = numberOfFile(event.function.file)
      places[number].firstLine = event.function.firstLine
    }
    let place = places[number]
    let offset = Int(line) - Int(place.firstLine)
    guard offset >= 0, offset < 100_000 else {
      farCounts[FarLine(file: place.file, line: line), default: 0] += 1
      return
    }
    // A longer run, at the end.
    let start = counts.count
    let length = max(16, (offset + 1) * 2)
    counts.append(contentsOf: repeatElement(0, count: length))
    for index in 0..<Int(place.count) {
      counts[start + index] = counts[place.start + index]
      counts[place.start + index] = 0
    }
    places[number].start = start
    places[number].count = Int32(length)
    counts[start + offset] += 1
  }

  private mutating func numberOfFile(_ file: String) -> Int32 {
    if let known = fileNumbers[file] { return known }
    files.append(file)
    fileNumbers[file] = Int32(files.count - 1)
    return Int32(files.count - 1)
  }

  /// What was counted: for each file its lines, in order, and how often each ran.
  var results: [(file: String, lines: [(line: Int32, count: UInt64)])] {
    var lines = [[Int32: UInt64]](repeating: [:], count: files.count)
    for place in places where place.file >= 0 {
      for offset in 0..<place.count {
        let count = counts[place.start + Int(offset)]
        if count > 0 { lines[Int(place.file)][place.firstLine + offset, default: 0] += count }
      }
    }
    for (far, count) in farCounts { lines[Int(far.file)][far.line, default: 0] += count }
    return zip(files, lines).map { file, lines in
      (file, lines.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }
  }

  public mutating func finish() throws {
    try sink.write { text in
      text.append("[")
      for (index, (file, lines)) in results.enumerated() {
        if index > 0 { text.append(",") }
        text.append("[")
        let start = text.openJSONString()
        text.append(string: file)
        text.closeJSONString(from: start)
        text.append(",[")
        for (index, (line, count)) in lines.enumerated() {
          text.append(index > 0 ? ",[" : "[")
          text.append(decimal: line)
          text.append(",")
          text.append(decimal: count)
          text.append("]")
        }
        text.append("]]")
      }
      text.append("]")
    }
    try sink.flush()
  }
}
