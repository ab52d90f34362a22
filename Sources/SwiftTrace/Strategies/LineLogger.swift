/// Prints one line for each line that runs: `Executing line N in FILE`.
public struct LineLogger: TextLogger {
  public let interests: EventSet = .line
  let sink: TextSink

  /// Prints to a sink: standard error if nothing is said.
  public init(to sink: TextSink = .standardError) { self.sink = sink }

  @inline(__always)
  static func append(_ event: borrowing LineEvent, to text: inout LineBuffer) {
    text.append("Executing line ", Decimal(event.line), " in ", event.function.fileText, "\n")
  }
}
