/// Counts how often each line runs, like `python -m trace --count`.
///
/// At the end, the counts are written as one line of JSON: `[[FILE, [[LINE, COUNT], …]], …]`, with
/// files in the order of their first events.
public struct LineCounter: TracerStrategy {
  public let interests: EventSet = .line
  private let sink: TextSink
  let counting: LineCounting
  let countsRunningFrames: Bool

  /// Creates a counter that writes the counts to a sink.
  ///
  /// - Parameters:
  ///   - sink: the destination of the counts.
  ///   - ignore: the modules that are not counted.
  ///   - countsRunningFrames: whether to count frames that were already running when tracing
  ///     started, such as those of other threads. In a session without other strategies, counting a
  ///     line is then one addition; otherwise, each line needs a lookup of its frame.
  public init(
    to sink: TextSink, ignoring ignore: StandardIgnore, countsRunningFrames: Bool = false
  ) {
    self.sink = sink
    self.countsRunningFrames = countsRunningFrames
    counting = LineCounting(ignoring: ignore)
  }

  public mutating func line(_ event: borrowing LineEvent) throws { counting.count(event) }

  /// The counts: for each file its lines, in ascending order, and how often each ran.
  var results: [(file: String, lines: [(line: Int32, count: UInt64)])] { counting.results }

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
