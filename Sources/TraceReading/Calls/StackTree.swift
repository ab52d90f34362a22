/// Tree of the distinct stacks of functions, in which stacks share the nodes of their common
/// callers.
///
/// Recursion is folded: a call of a function that is already on the stack belongs to that
/// function's node. So the depth is at most the number of functions, however deep the recursion is,
/// and each call adds at most one node.
public struct StackTree: Sendable {
  /// A stack: a function, and the stack from which it was called.
  public struct Node: Sendable {
    /// Index of the caller's node; -1 if there is none.
    public let caller: Int
    /// Index among the reader's files of the file to which the numbers belong.
    public let file: Int
    /// The function's number in that file; 0 for a C function.
    public let function: UInt32
    /// Number of a C function; else 0.
    public let cFunction: UInt32
    /// Number of the callers' nodes.
    let depth: Int32
    /// Maximum number of calls of the function that ran within each other here.
    public internal(set) var repeats: UInt32 = 0
    /// Whether the times are lower bounds, because the beginning or end of a call is not recorded.
    public internal(set) var isPartial = false
    /// Number of occurrences on this stack of the call or exception that is counted.
    public internal(set) var count: UInt64 = 0
    /// Nanoseconds, including calls that were made; for calls within each other, only the
    /// outermost's.
    public internal(set) var total: UInt64 = 0
    /// Nanoseconds, without the calls that were made.
    public internal(set) var own: UInt64 = 0
    /// Index of the node that was last called from here, which is likely to be the next one; -1 if
    /// none.
    var last = -1
  }

  /// Position of a call in the tree, stored in the call's tag: its node, and the number of the
  /// node's calls that run within each other.
  struct Place {
    /// 0 for no position; negative for a position for which the tree had no room.
    let tag: Int

    static let none = Place(tag: 0)
    static let beyond = Place(tag: -1)

    init(tag: Int) { self.tag = tag }
    init(node: Int, level: Int) { tag = level << 32 | node + 1 }

    var isBeyond: Bool { tag < 0 }
    /// Index of the node; -1 if there is none.
    var node: Int { tag < 0 ? -1 : tag & 0xFFFF_FFFF - 1 }
    /// 1 for a call that is not within another call of its node.
    var level: Int { tag >> 32 }
  }

  /// All stacks. A caller precedes the nodes that were called from it.
  public private(set) var nodes: [Node] = []
  /// Sum of the counts of stacks for which there was no room.
  public internal(set) var beyond: UInt64 = 0
  /// Pairs of a caller and a function that it called, and the nodes to which they lead.
  private var edges = PairTable()
  private var targets: [Int32] = []

  /// Maximum numbers of stacks, and of pairs of a caller and a function.
  private static let most = 1 << 19
  private static let mostEdges = 1 << 20
  /// Maximum number of functions in a stack.
  private static let deepest = 1000
  /// Number of frames, from the innermost, that are searched for recursion.
  private static let window = 256
  /// Number of frames that are searched for another call of the same node.
  private static let levelWindow = 64

  /// Creates an empty tree.
  public init() {}

  /// Returns the position of a call that was made from a position.
  ///
  /// - Parameters:
  ///   - call: the call.
  ///   - file: index of the call's file among the reader's files.
  ///   - caller: position of the caller; `none` if it is not in the tree.
  ///   - stack: the call's stack, whose outer calls have their positions as tags.
  ///   - index: index of the call in the stack.
  mutating func place(
    _ call: RunningCall, file: Int, from caller: Place, in stack: borrowing CallStack, at index: Int
  ) -> Place {
    if caller.isBeyond { return .beyond }
    let below = caller.node
    guard let node = child(call, file: file, of: below) else { return .beyond }
    var level = 1
    if node == below {
      level = caller.level + 1
    } else if below >= 0, caller.level > 1 || nodes[node].depth <= nodes[below].depth {
      // The call is within recursion, its own or a caller's.
      level = nodes[node].depth <= nodes[below].depth ? 2 : 1
      for other in stride(from: index - 1, through: max(0, index - Self.levelWindow), by: -1) {
        let place = Place(tag: stack.calls[other].tag)
        guard place.node == node else { continue }
        level = place.level + 1
        break
      }
    }
    nodes[node].repeats = max(nodes[node].repeats, UInt32(clamping: level))
    return Place(node: node, level: level)
  }

  private mutating func child(_ call: RunningCall, file: Int, of caller: Int) -> Int? {
    if caller >= 0, case let last = nodes[caller].last, last >= 0,
      nodes[last].function == call.function, nodes[last].cFunction == call.cFunction
    {
      return last
    }
    let node = find(call, file: file, from: caller)
    if caller >= 0, let node { nodes[caller].last = node }
    return node
  }

  @inline(never)
  private mutating func find(_ call: RunningCall, file: Int, from caller: Int) -> Int? {
    let (first, second) = (
      UInt64(caller + 1) << 32 | UInt64(file), UInt64(call.function) << 32 | UInt64(call.cFunction)
    )
    if let edge = edges.known(first, second) { return Int(targets[edge]) }
    guard edges.pairs.count < Self.mostEdges else { return nil }
    var node = caller
    var steps = 0
    while node >= 0, steps < Self.window,
      nodes[node].function != call.function || nodes[node].cFunction != call.cFunction
        || nodes[node].file != file
    {
      node = nodes[node].caller
      steps += 1
    }
    if node < 0 || steps == Self.window {
      let depth = caller < 0 ? 0 : nodes[caller].depth + 1
      guard nodes.count < Self.most, depth < Self.deepest else { return nil }
      node = nodes.count
      nodes.append(
        Node(
          caller: caller, file: file, function: call.function, cFunction: call.cFunction,
          depth: depth))
    }
    _ = edges.number(of: first, second)
    targets.append(Int32(node))
    return node
  }

  /// Returns the position of the whole stack, and stores the positions of all calls as their tags.
  mutating func place(_ stack: inout CallStack, file: Int) -> Place {
    var index = stack.calls.count
    while index > 0, stack.calls[index - 1].tag == 0 { index -= 1 }
    var place = index > 0 ? Place(tag: stack.calls[index - 1].tag) : .none
    while index < stack.calls.count {
      if !stack.calls[index].isUnknown {
        place = self.place(stack.calls[index], file: file, from: place, in: stack, at: index)
      }
      stack.calls[index].tag = place.tag
      index += 1
    }
    return place
  }

  /// Counts an occurrence at a position.
  mutating func count(
    _ place: Place, _ times: CallTimes? = nil, isPartial: Bool = false, by step: UInt64 = 1
  ) {
    let node = place.node
    guard node >= 0 else {
      beyond &+= step
      return
    }
    nodes[node].count &+= step
    // The outermost of calls within each other includes the time of the others.
    if place.level == 1 { nodes[node].total &+= times?.total ?? 0 }
    nodes[node].own &+= times?.own ?? 0
    if isPartial { nodes[node].isPartial = true }
  }
}
