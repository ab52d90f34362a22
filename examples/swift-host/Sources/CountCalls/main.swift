import PythonHost
import SwiftTrace

/// Counts the calls of each function.
final class CallCounter: TracerStrategy {
  let interests: EventSet = .call
  var counts: [String: Int] = [:]
  func call(_ event: borrowing CallEvent) { counts[event.function.qualifiedName, default: 0] += 1 }
}

let counter = CallCounter()
let python = try PythonHost()
let (script, arguments) = (CommandLine.arguments[1], Array(CommandLine.arguments.dropFirst(2)))
try python.trace(counter) { try python.run(script: script, arguments: arguments) }
for (name, count) in counter.counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
  print("\(count)\t\(name)")
}
try python.shutdown()
