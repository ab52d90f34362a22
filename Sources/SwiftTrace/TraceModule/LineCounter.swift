/// Counts how often each line runs, as `python -m trace --count` does.
///
/// At the end the counts are written as one line of JSON: `[[FILE, [[LINE, COUNT], …]], …]`, files
/// in the order of their first line.
public struct LineCounter: TracerStrategy {
  public let interests: EventSet = .line
  private let sink: TextSink
  let counting: LineCounting
  let countsRunningFrames: Bool

  /// Counts lines, and writes the counts to a sink.
  ///
  /// - Parameters:
  ///   - sink: where the counts go at the end.
  ///   - ignore: which modules are not counted.
  ///   - countsRunningFrames: whether frames count that were running already when tracing started,
  ///     as
  ///     those of other threads are. Where nothing else is done in the session, a line is an addition then;
  ///     else it has to be known whose it is.
  public init(
    to sink: TextSink, ignoring ignore: StandardIgnore, countsRunningFrames: Bool = false
  ) {
    self.sink = sink
    self.countsRunningFrames = countsRunningFrames
    counting = LineCounting(ignoring: ignore)
  }

  public mutating func line(_ event: borrowing LineEvent) throws { counting.count(event) }

  /// What was counted: for each file its lines, in order, and how often each ran.
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
