/// The tasks of one thread, as described by its records: their numbers, and which of them run.
///
/// A task is a run of the outermost traced coroutine in a chain of awaits. The address of its frame
/// identifies it until it ends; later, another frame may have that address.
public struct TaskTable: Sendable {
  /// Number of the innermost running task, from 1; 0 if there is none.
  private(set) var current: UInt32 = 0
  /// Depth of its outermost frame.
  private(set) var depth = Int32.min
  /// The tasks that run on the current stack, the innermost last.
  private var running: [Task] = []
  private var stack: UInt32 = 0
  /// The tasks that run on other stacks.
  private var others: [UInt32: [Task]] = [:]
  /// Numbers of the tasks that have not ended, by the addresses of their frames.
  private var numbers: [UInt64: UInt32] = [:]
  private var last: UInt32 = 0

  private struct Task {
    let address: UInt64
    let number: UInt32
    let depth: Int32
  }

  /// More than programs have, and few enough that a damaged file costs little memory.
  private static let most = 1 << 20
  private static let mostStacks = 1 << 16

  /// Creates an empty table.
  public init() {}

  /// Removes all tasks, because events are missing. Numbers continue.
  public mutating func forget() {
    let last = last
    self = TaskTable()
    self.last = last
  }

  /// Enters the outermost frame of a task.
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

  /// Leaves the outermost frame of the innermost task.
  @inline(never)
  mutating func leave(isOver: Bool) {
    let task = running.removeLast()
    if isOver { numbers[task.address] = nil }
    show()
  }

  /// Changes the depth or the stack.
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

  /// Removes running tasks from a depth on, whose ends were not recorded.
  private mutating func end(from depth: Int32) {
    while let task = running.last, task.depth >= depth { running.removeLast() }
  }

  private mutating func show() {
    current = running.last?.number ?? 0
    depth = running.last?.depth ?? .min
  }
}
