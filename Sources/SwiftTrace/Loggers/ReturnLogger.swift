/// Prints one line for each return: `Returning from NAME with value VALUE`.
///
/// For a frame that is suspended or that an exception leaves, it prints
/// `Yielding from NAME with value VALUE`, `Awaiting in NAME` or `Unwinding NAME with EXCEPTION`.
public struct ReturnLogger: TextLogger {
  public let interests: EventSet = .return
  let sink: TextSink

  /// Creates a logger that prints to a sink (default: standard error).
  public init(to sink: TextSink = .standardError) { self.sink = sink }

  @inline(__always)
  static func appendLeave(
    _ kind: ReturnEvent.Kind, of function: borrowing Function, value: borrowing Value?,
    exceptionType: borrowing Value?, to text: inout LineBuffer
  ) {
    let name = function.nameText
    switch kind {
    case .return:
      text.append("Returning from ", name, "")
      text.end(" with value ", value)
    case .yield:
      text.append("Yielding from ", name, "")
      text.end(" with value ", value)
    case .await: text.append("Awaiting in ", name, "\n")
    case .unwind:
      text.append("Unwinding ", name, " with ")
      text.append(className: exceptionType)
      text.append("\n")
    }
  }
}
