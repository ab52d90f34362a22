/// Prints one line for each call: `Call to NAME at line N`.
///
/// A generator or coroutine that goes on is told apart: `Resuming NAME at line N`.
public struct CallLogger: TracerStrategy {
  public let interests: EventSet = .call
  private let sink: TextSink

  /// Prints to a sink: standard error if nothing is said.
  public init(to sink: TextSink = .standardError) { self.sink = sink }

  public mutating func call(_ event: borrowing CallEvent) throws {
    try sink.write { line in
      switch event.kind {
      case .call: line.append("Call to ")
      case .resume: line.append("Resuming ")
      }
      line.append(event.function.nameBytes)
      line.append(" at line ")
      line.append(decimal: event.line)
    }
  }

  public mutating func flush() throws { try sink.flush() }
}
