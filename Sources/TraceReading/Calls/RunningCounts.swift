/// Number of running calls of each function on each stack.
///
/// A thread with one stack uses an array. Greenlets have stacks of their own and switch often, so
/// they share a dictionary: a switch then costs nothing, however deep the stacks are.
struct RunningCounts: Sendable {
  /// Counts of the only stack, by the functions' numbers.
  private var counts: [UInt32] = []
  /// Number of the only stack.
  private var only: UInt32 = 0
  /// Counts by stack and function, without zeros.
  private var byStack: [UInt64: UInt32] = [:]
  private var isSplit = false

  /// Adds a call. Returns whether the function was already on the stack; false for unknown
  /// functions, which have number 0.
  @inline(__always)
  mutating func enter(_ function: UInt32, on stack: UInt32) -> Bool {
    if isSplit { return enterSplit(function, stack) }
    let place = Int(function)
    if place >= counts.count { grow(place) }
    only = stack
    counts[place] &+= 1
    return function != 0 && counts[place] > 1
  }

  /// Removes a call.
  @inline(__always)
  mutating func leave(_ function: UInt32, on stack: UInt32) {
    if isSplit { return leaveSplit(function, stack) }
    counts[Int(function)] &-= 1
  }

  /// Changes to the dictionary, because there is more than one stack.
  mutating func split() {
    guard !isSplit else { return }
    isSplit = true
    for (function, count) in counts.enumerated() where count > 0 {
      byStack[Self.key(UInt32(function), only)] = count
    }
    counts = []
  }

  @inline(never)
  private mutating func grow(_ place: Int) {
    counts.append(contentsOf: repeatElement(0, count: place + 64 - counts.count))
  }

  @inline(never)
  private mutating func enterSplit(_ function: UInt32, _ stack: UInt32) -> Bool {
    let count = byStack[Self.key(function, stack), default: 0]
    byStack[Self.key(function, stack)] = count &+ 1
    return function != 0 && count > 0
  }

  @inline(never)
  private mutating func leaveSplit(_ function: UInt32, _ stack: UInt32) {
    let key = Self.key(function, stack)
    let count = byStack[key, default: 0]
    byStack[key] = count > 1 ? count - 1 : nil
  }

  private static func key(_ function: UInt32, _ stack: UInt32) -> UInt64 {
    UInt64(stack) << 32 | UInt64(function)
  }
}
