/// Distinct stacks of functions, each stored once with what it has in common with others.
public struct StackTree: Sendable {
  /// A stack: a function, and the stack that it was called from.
  public struct Node: Sendable {
    /// The caller's node; -1 where there is none.
    public let caller: Int
    /// Which of the reader's files the numbers are of.
    public let file: Int
    /// The function's number in that file.
    public let function: UInt32
    /// Of a function written in C its number; else 0.
    public let builtin: UInt32
    /// How often what is counted happened on this stack.
    public internal(set) var count: UInt64 = 0
    /// Nanoseconds, with the calls that were made.
    public internal(set) var total: UInt64 = 0
    /// Nanoseconds, without the calls that were made.
    public internal(set) var own: UInt64 = 0
    /// What was called from it last: mostly what is called next.
    var last = -1
  }

  private struct Key: Hashable {
    let caller: Int
    let file: Int
    let function: UInt32
    let builtin: UInt32
  }

  /// All stacks. A caller stands before what was called from it.
  public private(set) var nodes: [Node] = []
  /// What was counted on stacks for which there was no room.
  public internal(set) var beyond: UInt64 = 0
  private var known: [Key: Int] = [:]

  /// Stacks that are remembered.
  private static let most = 1 << 19

  /// A tree without a stack.
  public init() {}

  /// The node of a function called from a node; nil where there is no room.
  mutating func node(_ call: RunningCall, file: Int, from caller: Int) -> Int? {
    if caller >= 0, case let last = nodes[caller].last, last >= 0,
      nodes[last].function == call.function, nodes[last].builtin == call.builtin
    {
      return last
    }
    let node = find(call, file: file, from: caller)
    if caller >= 0, let node { nodes[caller].last = node }
    return node
  }

  @inline(never)
  private mutating func find(_ call: RunningCall, file: Int, from caller: Int) -> Int? {
    let key = Key(caller: caller, file: file, function: call.function, builtin: call.builtin)
    if let node = known[key] { return node }
    guard nodes.count < Self.most else { return nil }
    nodes.append(
      Node(caller: caller, file: file, function: call.function, builtin: call.builtin))
    known[key] = nodes.count - 1
    return nodes.count - 1
  }

  /// The node of the whole stack. Calls get its number, plus 1, as their tag.
  mutating func node(_ stack: inout CallStack, file: Int) -> Int? {
    var place = stack.calls.count
    while place > 0, stack.calls[place - 1].tag == 0 { place -= 1 }
    var node = place > 0 ? stack.calls[place - 1].tag - 1 : -1
    while place < stack.calls.count {
      if !stack.calls[place].isUnknown {
        guard let next = self.node(stack.calls[place], file: file, from: node) else { return nil }
        node = next
      }
      stack.calls[place].tag = node + 1
      place += 1
    }
    return node < 0 ? nil : node
  }

  mutating func count(_ node: Int?, _ times: CallTimes? = nil, by step: UInt64 = 1) {
    guard let node else {
      beyond &+= step
      return
    }
    nodes[node].count &+= step
    nodes[node].total &+= times?.total ?? 0
    nodes[node].own &+= times?.own ?? 0
  }
}
