import SwiftTrace
import TraceFormat
import TraceReading

/// Leaves out and folds calls on the way of a recording's events to their text: see
/// `CondensedStack`. The lines of a thread keep their order; those of several threads may not.
struct CallCondenser {
  private struct Key: Hashable {
    let file: Int
    let thread: Int
    let stack: UInt32
  }

  private let rules: CondensedStack.Rules
  private var stacks: [Key: CondensedStack] = [:]

  /// Stacks that are remembered. With more greenlets at a time what is held is shown early.
  private static let mostStacks = 1 << 12

  init(_ rules: CondensedStack.Rules) { self.rules = rules }

  /// Takes in the next event, and gives what is to be written now.
  mutating func take(_ event: TraceEvent, _ step: CondensedStack.Step) -> [UInt8] {
    let key = Key(file: event.file, thread: event.thread, stack: event.mark.stack)
    var text = stacks.count > Self.mostStacks ? finish() : []
    text += stacks[key, default: CondensedStack(rules)].take(step)
    if stacks[key]?.isEmpty == true, rules.maxChildren == .max { stacks[key] = nil }
    return text
  }

  /// Gives what is held at the end.
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
