/// The tasks of one thread, as its records tell of them: which of them run, and their numbers.
///
/// A task is a run of the outermost traced coroutine of a chain of awaits. Where its frame is tells it from
/// others, until it ends: then another frame may be there.
public struct TaskTable: Sendable {
  /// The number of the innermost task that runs, from 1; 0 where none does.
  private(set) var current: UInt32 = 0
  /// The depth of its outermost frame.
  private(set) var depth = Int32.min
  /// The tasks that run on this stack, the innermost last.
  private var running: [Task] = []
  private var stack: UInt32 = 0
  /// Those on other stacks of frames.
  private var others: [UInt32: [Task]] = [:]
  /// Of those that are not over, by their addresses.
  private var numbers: [UInt64: UInt32] = [:]
  private var last: UInt32 = 0

  private struct Task {
    let address: UInt64
    let number: UInt32
    let depth: Int32
  }

  /// More than a program has; so few that no damaged file costs much memory.
  private static let most = 1 << 20
  private static let mostStacks = 1 << 16

  /// A table without a task.
  public init() {}

  /// Events are missing: what follows is of other tasks, as far as can be known.
  public mutating func forget() {
    let last = last
    self = TaskTable()
    self.last = last
  }

  /// The outermost frame of a task is entered.
  mutating func enter(_ address: UInt64, at depth: Int32, isNew: Bool) {
    end(from: depth)
    if numbers.count >= Self.most { numbers = [:] }
    if running.count >= mostCallers { running = [] }
    let number = isNew ? nil : numbers[address]
    if number == nil { last &+= 1 }
    numbers[address] = number ?? last
    running.append(Task(address: address, number: number ?? last, depth: depth))
    show()
  }

  /// The outermost frame of the innermost task was left.
  @inline(never)
  mutating func leave(isOver: Bool) {
    let task = running.removeLast()
    if isOver { numbers[task.address] = nil }
    show()
  }

  /// The next event is at another depth, or on another stack.
  mutating func move(to depth: Int32, stack: UInt32) {
    if stack != self.stack {
      if others.count >= Self.mostStacks { others = [:] }
      others[self.stack] = running.isEmpty ? nil : running
      running = others.removeValue(forKey: stack) ?? []
      self.stack = stack
    }
    end(from: depth &+ 1)
    show()
  }

  /// Of what was at a depth and beyond the end was not seen.
  private mutating func end(from depth: Int32) {
    while let task = running.last, task.depth >= depth { running.removeLast() }
  }

  private mutating func show() {
    current = running.last?.number ?? 0
    depth = running.last?.depth ?? .min
  }
}
