/// Distinct stacks of functions, each stored once with what it has in common with others.
///
/// Recursion is folded: a call of a function that is on the stack already belongs to the node of
/// that function. So a tree is no deeper than there are functions, however deep the
/// recursion is, and grows at most by a node with each call.
public struct StackTree: Sendable {
  /// A stack: a function, and the stack that it was called from.
  public struct Node: Sendable {
    /// The caller's node; -1 where there is none.
    public let caller: Int
    /// The index of the file, among the reader's, that the numbers are of.
    public let file: Int
    /// The function's number in that file.
    public let function: UInt32
    /// The number of a function written in C; else 0.
    public let cFunction: UInt32
    /// How many nodes lie below.
    let depth: Int32
    /// How many calls of the function stood within each other here at most.
    public internal(set) var repeats: UInt32 = 0
    /// Whether the times are lower bounds: a call's beginning or end is not in the recording.
    public internal(set) var isPartial = false
    /// How often what is counted happened on this stack.
    public internal(set) var count: UInt64 = 0
    /// Nanoseconds, with the calls that were made; of calls within each other the outermost's.
    public internal(set) var total: UInt64 = 0
    /// Nanoseconds, without the calls that were made.
    public internal(set) var own: UInt64 = 0
    /// The node that was called from it last: mostly the one that is called next.
    var last = -1
  }

  /// A place in the tree, as a call keeps it in its tag: the node, and how many calls of its
  /// function run there.
  struct Place {
    /// 0 for no place, negative for one for which there was no room.
    let tag: Int

    static let none = Place(tag: 0)
    static let beyond = Place(tag: -1)

    init(tag: Int) { self.tag = tag }
    init(node: Int, level: Int) { tag = level << 32 | node + 1 }

    var isBeyond: Bool { tag < 0 }
    /// -1 where there is none.
    var node: Int { tag < 0 ? -1 : tag & 0xFFFF_FFFF - 1 }
    /// 1 for a call that is within no other call of its node.
    var level: Int { tag >> 32 }
  }

  /// All stacks. A caller precedes the nodes that were called from it.
  public private(set) var nodes: [Node] = []
  /// The counts of stacks for which there was no room.
  public internal(set) var beyond: UInt64 = 0
  /// Callers and what they called, and the nodes of that.
  private var edges = PairTable()
  private var targets: [Int32] = []

  /// Stacks that are remembered, and ways from one to another.
  private static let most = 1 << 19
  private static let mostEdges = 1 << 20
  /// Functions of a stack.
  private static let deepest = 1000
  /// Frames, from the innermost, among which recursion is looked for.
  private static let window = 256
  /// Frames among which a call looks for another one of its node.
  private static let levelWindow = 64

  /// A tree without a stack.
  public init() {}

  /// The place of a call, made from a place.
  ///
  /// - Parameters:
  ///   - index: where the call stands on the stack, whose outer calls have their tags.
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
      // Within recursion, of itself or of a caller.
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

  /// The place of the whole stack. Calls get theirs as their tags.
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

  /// Counts what happened at a place.
  mutating func count(
    _ place: Place, _ times: CallTimes? = nil, isPartial: Bool = false, by step: UInt64 = 1
  ) {
    let node = place.node
    guard node >= 0 else {
      beyond &+= step
      return
    }
    nodes[node].count &+= step
    // The outermost of calls within each other has all the time.
    if place.level == 1 { nodes[node].total &+= times?.total ?? 0 }
    nodes[node].own &+= times?.own ?? 0
    if isPartial { nodes[node].isPartial = true }
  }
}
