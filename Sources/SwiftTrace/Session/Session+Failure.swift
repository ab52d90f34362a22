import CTraceHook
import Glibc
import TraceFormat

extension Session {
  /// Ends tracing because a strategy threw. Prints one message; the program goes on.
  @inline(never)
  func fail(_ error: any Error, in runner: Unretained<StrategyRunner>) -> CTraceHook_Outcome {
    let name = runner.with { $0.name }
    failure = error
    if let exception = error as? PythonException, !exception.isOrdinary {
      // An interrupt that arrived while the program's own `write` ran: it is the program's.
      exception.raise()
      return .raise
    }
    if isBrokenPipe(error) { return .end }
    messages.report("\(name) failed, tracing has ended: \(error)")
    return .end
  }
}

/// Whether the reader of the text has gone away, as after `| head`.
func isBrokenPipe(_ error: any Error) -> Bool {
  switch error {
  case let error as SystemError: error.code == EPIPE
  case let error as PythonException: error.typeName == "BrokenPipeError"
  default: false
  }
}

/// The tracer's own messages: one line each, on what is standard error when tracing starts.
struct Messages {
  private var output = OutputDescriptor(duplicating: 2)

  /// In the child of a fork: gives up the duplicate. A daemon closes standard error so that whoever
  /// reads it sees the end; until then there are messages still.
  mutating func forked() { output = OutputDescriptor(naming: 2, as: output) }

  /// Prints one line. A message is lost if standard error is closed or full.
  func report(_ message: String) {
    var line = LineBuffer(capacity: 256)
    line.append("swifttrace: ")
    line.append(string: PrintableText.escaped(message))
    line.append("\n")
    line.withBytes { bytes in
      if (try? output.write(bytes)) != nil { return }
      // A program that has closed all descriptors but the first three still has its own.
      try? OutputDescriptor(naming: 2, as: output).write(bytes)
    }
  }
}
