extension CallTree {
  /// Maximum number of steps from a stack to its caller that are taken. Real recordings take some
  /// millions; the stacks that a hostile file can have would take minutes.
  private static let mostSteps = 50_000_000

  /// Creates the tree of the callers of functions, with the functions as the outermost level. Below
  /// each node are those by which it was called.
  ///
  /// - Parameters:
  ///   - tree: the stacks of a `CallersView`.
  ///   - reader: the reader of the recording.
  ///   - limits: the nodes to keep.
  public init(callers tree: StackTree, of reader: TraceReader, _ limits: Limits = Limits()) {
    self.init(merging: tree, of: reader)
    /// Stacks of selected functions, each with the caller at which the way up has arrived.
    typealias Group = [(stack: Int, caller: Int)]
    var waiting: [(node: Node, group: Group)] = []
    var steps = 0

    /// Groups stacks by the function at which they have arrived, and queues the groups to show.
    func queue(_ group: Group, depth: Int, least: UInt64) -> (cut: Int, time: UInt64, all: UInt64) {
      var groups: [Int: Group] = [:]
      for entry in group { groups[stacks[entry.caller].function, default: []].append(entry) }
      steps += group.count
      var result: (cut: Int, time: UInt64, all: UInt64) = (0, 0, 0)
      var shown: [(node: Node, group: Group)] = []
      for (function, group) in groups {
        var node = Node(function: function, depth: depth)
        for (stack, caller) in group {
          node.add(stacks[stack])
          node.repeats = depth == 0 ? node.repeats : stacks[caller].repeats
        }
        result.all &+= node.total
        if depth == limits.depth || steps > Self.mostSteps || node.total < least {
          result.cut += 1
          result.time &+= node.total
        } else {
          shown.append((node, group))
        }
      }
      shown.sort { ($0.node.total, $1.node.function) < ($1.node.total, $0.node.function) }
      waiting += shown
      return result
    }

    let selected = stacks.indices.filter { stacks[$0].count > 0 || stacks[$0].total > 0 }
    total = selected.reduce(0) { $0 &+ stacks[$1].total }
    let least = UInt64(max(0, limits.share) * Double(total))
    let outermost = queue(selected.map { ($0, $0) }, depth: 0, least: least)
    (cut, cutTime) = (outermost.cut, outermost.time)
    while var (node, group) = waiting.popLast() {
      group = group.compactMap { entry in
        let caller = callers[entry.caller]
        return caller < 0 ? nil : (entry.stack, caller)
      }
      let next = queue(group, depth: node.depth + 1, least: least)
      (node.cut, node.cutTime) = (next.cut, next.time)
      nodes.append(node)
    }
  }
}
