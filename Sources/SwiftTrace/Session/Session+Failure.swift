import CTraceHook
import Glibc
import TraceFormat

extension Session {
  /// Ends tracing because a strategy threw. Prints one message; the program continues.
  @inline(never)
  func fail(_ error: any Error, in runner: Unretained<StrategyRunner>) -> CTraceHook_Outcome {
    let name = runner.with { $0.name }
    failure = error
    if let exception = error as? PythonException, !exception.isOrdinary {
      // An interrupt that arrived during the program's own `write` belongs to the program.
      exception.raise()
      return .raise
    }
    if isBrokenPipe(error) { return .end }
    messages.report("\(name) failed, tracing has ended: \(error)")
    return .end
  }
}

/// Whether the reader of the output has closed it, as after `| head`.
func isBrokenPipe(_ error: any Error) -> Bool {
  switch error {
  case let error as SystemError: error.code == EPIPE
  case let error as PythonException: error.typeName == "BrokenPipeError"
  default: false
  }
}

/// The tracer's own messages, one line each. They go to the file that is standard error when
/// tracing starts.
struct Messages {
  private var output = OutputDescriptor(duplicating: 2)

  /// Replaces the duplicate by descriptor 2 itself, in a forked child. A daemon closes standard
  /// error to signal the end to its reader, so no duplicate may stay open. Until then, messages are
  /// printed.
  mutating func forked() { output = OutputDescriptor(naming: 2, as: output) }

  /// Prints one line. The message is lost if standard error is closed or full.
  func report(_ message: String) {
    var line = LineBuffer(capacity: 256)
    line.append("swifttrace: ")
    line.append(string: PrintableText.escaped(message))
    line.append("\n")
    line.withBytes { bytes in
      if (try? output.write(bytes)) != nil { return }
      // A program that has closed all descriptors from 3 on still has its standard error.
      try? OutputDescriptor(naming: 2, as: output).write(bytes)
    }
  }
}
