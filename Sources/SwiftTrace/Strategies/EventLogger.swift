/// Prints calls, lines and returns: `Calling function: NAME`, `Executing line N in NAME:FILE`,
/// `NAME returned VALUE`.
///
/// What CPython reports under the same names is told apart: `Resuming function: NAME`, `NAME yielded
/// VALUE`, `NAME is awaiting`, `NAME raised EXCEPTION`.
public struct EventLogger: TracerStrategy {
  public let interests: EventSet = [.call, .line, .return]
  private let sink: TextSink

  /// Prints to a sink: standard error if nothing is said.
  public init(to sink: TextSink = .standardError) { self.sink = sink }

  public mutating func call(_ event: borrowing CallEvent) throws {
    try sink.write { line in
      switch event.kind {
      case .call: line.append("Calling function: ")
      case .resume: line.append("Resuming function: ")
      }
      line.append(event.function.nameBytes)
    }
  }

  public mutating func line(_ event: borrowing LineEvent) throws {
    try sink.write { line in
      line.append("Executing line ")
      line.append(decimal: event.line)
      line.append(" in ")
      line.append(event.function.locationBytes)
    }
  }

  public mutating func `return`(_ event: borrowing ReturnEvent) throws {
    try sink.write { line in
      line.append(event.function.nameBytes)
      switch event.kind {
      case .return:
        line.append(" returned")
        line.append(" ", event.value, as: .str)
      case .yield:
        line.append(" yielded")
        line.append(" ", event.value, as: .str)
      case .await: line.append(" is awaiting")
      case .unwind:
        line.append(" raised ")
        line.append(className: event.exceptionType)
      }
    }
  }

  public mutating func flush() throws { try sink.flush() }
}
