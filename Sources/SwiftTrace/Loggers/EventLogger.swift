/// Prints calls, lines and returns: `Calling function: NAME`, `Executing line N in NAME:FILE`,
/// `NAME returned VALUE`.
///
/// Cases that CPython reports under the same names are distinguished: `Resuming function: NAME`,
/// `NAME yielded VALUE`, `NAME is awaiting`, `NAME raised EXCEPTION`.
public struct EventLogger: TextLogger {
  public let interests: EventSet = [.call, .line, .return]
  let sink: TextSink

  /// Creates a logger that prints to a sink (default: standard error).
  public init(to sink: TextSink = .standardError) { self.sink = sink }

  @inline(__always)
  static func appendCall(
    _ kind: CallEvent.Kind, of function: borrowing Function, line: () -> Int32,
    to text: inout LineBuffer
  ) {
    switch kind {
    case .call: text.append("Calling function: ", function.nameText, "\n")
    case .resume: text.append("Resuming function: ", function.nameText, "\n")
    }
  }

  @inline(__always)
  static func appendLine(
    _ line: Int32, of function: borrowing Function, to text: inout LineBuffer
  ) {
    text.append(
      "Executing line ", Decimal(line), " in ", function.locationText, "\n")
  }

  @inline(__always)
  static func appendLeave(
    _ kind: ReturnEvent.Kind, of function: borrowing Function, value: borrowing Value?,
    exceptionType: borrowing Value?, to text: inout LineBuffer
  ) {
    let name = function.nameText
    switch kind {
    case .return:
      text.append("", name, " returned")
      text.end(" ", value)
    case .yield:
      text.append("", name, " yielded")
      text.end(" ", value)
    case .await: text.append("", name, " is awaiting\n")
    case .unwind:
      text.append("", name, " raised ")
      text.append(className: exceptionType)
      text.append("\n")
    }
  }
}
