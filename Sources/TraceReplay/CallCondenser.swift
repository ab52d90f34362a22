import SwiftTrace
import TraceFormat
import TraceReading

/// Omits and folds calls of a recording before their text is written: see `CondensedStack`. The
/// lines of a thread keep their order; lines of different threads may not.
struct CallCondenser {
  private struct Key: Hashable {
    let file: Int
    let thread: Int
    let stack: UInt32
  }

  private let rules: CondensedStack.Rules
  private var stacks: [Key: CondensedStack] = [:]

  /// Maximum number of stacks. If more greenlets run at once, held text is written early.
  private static let mostStacks = 1 << 12

  init(_ rules: CondensedStack.Rules) { self.rules = rules }

  /// Processes the next event. Returns the text that can be written now.
  mutating func take(_ event: TraceEvent, _ step: CondensedStack.Step) -> [UInt8] {
    let key = Key(file: event.file, thread: event.thread, stack: event.mark.stack)
    var text = stacks.count > Self.mostStacks ? finish() : []
    text += stacks[key, default: CondensedStack(rules)].take(step)
    if stacks[key]?.isEmpty == true, rules.maxChildren == .max { stacks[key] = nil }
    return text
  }

  /// Returns the held text, at the end of the recording.
  mutating func finish() -> [UInt8] {
    var text: [UInt8] = []
    let order = stacks.keys.sorted {
      ($0.file, $0.thread, $0.stack) < ($1.file, $1.thread, $1.stack)
    }
    for key in order { text += stacks[key]?.finish() ?? [] }
    stacks = [:]
    return text
  }
}
