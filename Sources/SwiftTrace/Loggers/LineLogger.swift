/// Prints one line for each line that runs: `Executing line N in FILE`.
public struct LineLogger: TextLogger {
  public let interests: EventSet = .line
  let sink: TextSink

  /// Creates a logger that prints to a sink (default: standard error).
  public init(to sink: TextSink = .standardError) { self.sink = sink }

  @inline(__always)
  static func appendLine(
    _ line: Int32, of function: borrowing Function, to text: inout LineBuffer
  ) {
    text.append("Executing line ", Decimal(line), " in ", function.fileText, "\n")
  }
}
