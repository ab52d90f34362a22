/// Prints one line for each line that runs: `Executing line N in FILE`.
public struct LineLogger: TracerStrategy {
  public let interests: EventSet = .line
  private let sink: TextSink

  /// Prints to a sink: standard error if nothing is said.
  public init(to sink: TextSink = .standardError) { self.sink = sink }

  public mutating func line(_ event: borrowing LineEvent) throws {
    try sink.write { line in
      line.append("Executing line ")
      line.append(decimal: event.line)
      line.append(" in ")
      line.append(event.function.fileBytes)
    }
  }

  public mutating func flush() throws { try sink.flush() }
}
