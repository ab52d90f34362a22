/// Prints one line for each call: `Call to NAME at line N`.
///
/// For a generator or coroutine that continues, it prints `Resuming NAME at line N`.
public struct CallLogger: TextLogger {
  public let interests: EventSet = .call
  let sink: TextSink

  /// Creates a logger that prints to a sink (default: standard error).
  public init(to sink: TextSink = .standardError) { self.sink = sink }

  @inline(__always)
  static func appendCall(
    _ kind: CallEvent.Kind, of function: borrowing Function, line: () -> Int32,
    to text: inout LineBuffer
  ) {
    let name = function.nameText
    let line = Decimal(line())
    switch kind {
    case .call: text.append("Call to ", name, " at line ", line, "\n")
    case .resume: text.append("Resuming ", name, " at line ", line, "\n")
    }
  }
}
