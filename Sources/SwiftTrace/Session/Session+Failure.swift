import CTraceHook
import Glibc
import TraceFormat

extension Session {
  /// A strategy threw. Tracing ends; what happened is told once, and the program goes on.
  @inline(never)
  func fail(_ error: any Error, in runner: Unmanaged<StrategyRunner>) -> CTraceHook_Outcome {
    // SAFETY: the plan keeps the runner.
    let name = unsafe runner._withUnsafeGuaranteedRef { $0.name }
    failure = error
    if let exception = error as? PythonException, !exception.isOrdinary {
      // An interrupt that arrived while the program's own `write` ran: it is the program's.
      exception.raise()
      return .raise
    }
    if isBrokenPipe(error) { return .end }
    messages.tell("\(name) failed, tracing has ended: \(error)")
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

  /// Says one line. Nothing can be done where standard error is closed or full.
  func tell(_ message: String) {
    var line = LineBuffer(capacity: 256)
    line.append("swifttrace: ")
    line.append(string: PrintableText.escaped(message))
    line.append("\n")
    // SAFETY: the buffer's own bytes.
    unsafe line.withUnsafeBytes { bytes in
      if (try? unsafe output.write(bytes)) != nil { return }
      // A program that has closed all descriptors but the first three still has its own.
      try? unsafe OutputDescriptor(naming: 2, as: output).write(bytes)
    }
  }
}
