import Glibc
import PythonHost
import SwiftTrace

/// Counts the calls of each function.
final class CallCounter: TracerStrategy {
  let interests: EventSet = .call
  var counts: [String: Int] = [:]
  func call(_ event: borrowing CallEvent) { counts[event.function.qualifiedName, default: 0] += 1 }
}

/// Runs a script, which prints its own errors, and prints how often each function was called.
func countCalls(of script: String, _ arguments: [String]) throws -> PythonEnd {
  let counter = CallCounter()
  let python = try PythonHost()
  let end = try python.trace(counter) {
    try python.runToEnd(.script(script), arguments: arguments)
  }
  for (name, count) in counter.counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
    print("\(count)\t\(name)")
  }
  try python.shutdown()
  return end
}

/// Ends this process with a line on standard error.
func fail(_ message: String) -> Never {
  let line = Array("\(message)\n".utf8)
  write(STDERR_FILENO, line, line.count)
  exit(2)
}

guard CommandLine.arguments.count > 1 else { fail("usage: count-calls SCRIPT [ARGUMENTS]") }
do {
  let (script, arguments) = (CommandLine.arguments[1], CommandLine.arguments.dropFirst(2))
  try countCalls(of: script, Array(arguments)).exit()
} catch {
  fail("count-calls: \(error)")
}
