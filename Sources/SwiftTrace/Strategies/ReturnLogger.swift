/// Prints one line for each return: `Returning from NAME with value VALUE`.
///
/// A frame that is suspended or left by an exception has not returned: `Yielding from NAME with
/// value VALUE`, `Awaiting in NAME`, `Unwinding NAME with EXCEPTION`.
public struct ReturnLogger: TracerStrategy {
  public let interests: EventSet = .return
  private let sink: TextSink

  /// Prints to a sink: standard error if nothing is said.
  public init(to sink: TextSink = .standardError) { self.sink = sink }

  public mutating func `return`(_ event: borrowing ReturnEvent) throws {
    try sink.write { line in
      switch event.kind {
      case .return: line.append("Returning from ")
      case .yield: line.append("Yielding from ")
      case .await: line.append("Awaiting in ")
      case .unwind: line.append("Unwinding ")
      }
      line.append(event.function.nameBytes)
      switch event.kind {
      case .return, .yield:
        line.append(" with value ", event.value, as: .str)
      case .await: break
      case .unwind:
        line.append(" with ")
        line.append(className: event.exceptionType)
      }
    }
  }

  public mutating func flush() throws { try sink.flush() }
}
