import TraceFormat

/// One merged tree of calls, sorted by time and cut at a share of it.
///
/// Calls on the same stack are one node. Functions are the same if name, file and line are, so
/// calls of several processes are merged too. Recursion is folded as in `StackTree`.
public struct CallTree: Sendable {
  /// A function, as it is shown.
  public struct Function: Hashable, Sendable {
    /// The qualified name, or the name of a C function.
    public let name: [UInt8]
    /// The path of its file; empty for a C function.
    public let file: [UInt8]
    /// 1-based; 0 for a C function.
    public let firstLine: UInt32
  }

  /// Calls of a function on a stack. Times are in nanoseconds.
  public struct Node: Sendable {
    /// Index in `functions`.
    public let function: Int
    /// Number of nodes above.
    public let depth: Int
    /// Number of calls.
    public fileprivate(set) var count: UInt64 = 0
    /// Time of the calls, including calls that were made. In a tree of callers, the time of the
    /// selected functions on the stacks that lead here.
    public fileprivate(set) var total: UInt64 = 0
    /// Time of the calls, without those that were made.
    public fileprivate(set) var own: UInt64 = 0
    /// Maximum number of calls of the function that ran within each other here.
    public internal(set) var repeats: UInt32 = 0
    /// Whether the times are lower bounds.
    public fileprivate(set) var isPartial = false
    /// Number of nodes right below that were cut.
    public internal(set) var cut = 0
    /// Time of these.
    public internal(set) var cutTime: UInt64 = 0

    init(function: Int, depth: Int) {
      self.function = function
      self.depth = depth
    }

    mutating func add(_ other: Node) {
      count &+= other.count
      total &+= other.total
      own &+= other.own
      repeats = max(repeats, other.repeats)
      isPartial = isPartial || other.isPartial
    }
  }

  /// Limits of a tree.
  public struct Limits: Sendable {
    /// Least share of the tree's time that a node must have, from 0 to 1.
    public var share: Double
    /// Maximum number of levels; nil for all.
    public var depth: Int?

    /// Creates limits.
    public init(share: Double = 0.01, depth: Int? = nil) {
      self.share = share
      self.depth = depth
    }
  }

  /// The functions of the nodes.
  public private(set) var functions: [Function] = []
  /// The nodes, each followed by those below it, the slowest first.
  public internal(set) var nodes: [Node] = []
  /// Sum of the outermost nodes' times: 100 %.
  public internal(set) var total: UInt64 = 0
  /// Number of nodes on the outermost level that were cut.
  public internal(set) var cut = 0
  /// Time of these.
  public internal(set) var cutTime: UInt64 = 0
  /// Number of calls on stacks for which there was no room.
  public let beyond: UInt64

  /// The stacks of which the tree is made: node by node its caller's index, or -1, and its numbers.
  private(set) var callers: [Int] = []
  private(set) var stacks: [Node] = []

  /// Merges stacks that look equal.
  init(merging tree: StackTree, of reader: TraceReader) {
    beyond = tree.beyond
    var indices: [Function: Int] = [:]
    var known: [UInt64: Int] = [:]
    var merged: [Int] = []
    merged.reserveCapacity(tree.nodes.count)
    for node in tree.nodes {
      let file = reader.files[node.file]
      let definition = node.cFunction > 0 ? nil : file.function(node.function)
      let name = node.cFunction > 0 ? file.cFunction(node.cFunction) : definition?.qualifiedName
      let function = Function(
        name: name ?? Array("?".utf8), file: definition.map { file.source(of: $0) } ?? [],
        firstLine: UInt32(definition?.firstLine ?? 0))
      let index = indices[function] ?? functions.count
      if index == functions.count {
        indices[function] = index
        functions.append(function)
      }
      let caller = node.caller < 0 ? -1 : merged[node.caller]
      let key = UInt64(caller + 1) << 32 | UInt64(index)
      let place = known[key] ?? stacks.count
      if place == stacks.count {
        known[key] = place
        callers.append(caller)
        let depth = caller < 0 ? 0 : stacks[caller].depth + 1
        stacks.append(Node(function: index, depth: depth))
      }
      stacks[place].add(node)
      merged.append(place)
    }
  }
}

extension CallTree.Node {
  fileprivate mutating func add(_ node: StackTree.Node) {
    count &+= node.count
    total &+= node.total
    own &+= node.own
    repeats = max(repeats, node.repeats)
    isPartial = isPartial || node.isPartial
  }
}
