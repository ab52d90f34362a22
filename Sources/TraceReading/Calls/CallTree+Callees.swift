extension CallTree {
  /// Creates the tree of the calls that functions make, with the functions as the outermost level.
  ///
  /// - Parameters:
  ///   - tree: the stacks of a `CalleesView`.
  ///   - reader: the reader of the recording.
  ///   - limits: the nodes to keep.
  public init(callees tree: StackTree, of reader: TraceReader, _ limits: Limits = Limits()) {
    self.init(merging: tree, of: reader)
    var below = Array(repeating: [Int](), count: stacks.count)
    var roots: [Int] = []
    for (index, caller) in callers.enumerated() {
      if caller < 0 { roots.append(index) } else { below[caller].append(index) }
    }
    total = roots.reduce(0) { $0 &+ stacks[$1].total }
    let least = UInt64(max(0, limits.share) * Double(total))

    /// Returns the nodes of a level to show, the slowest last, and what was cut.
    func kept(_ level: [Int], depth: Int) -> (nodes: [Int], cut: Int, time: UInt64) {
      let shown =
        depth == limits.depth
        ? []
        : level.filter { stacks[$0].total >= least }.sorted {
          (stacks[$0].total, $1) < (stacks[$1].total, $0)
        }
      let time = level.reduce(0) { $0 &+ stacks[$1].total }
      return (
        shown, level.count - shown.count, time &- shown.reduce(0) { $0 &+ stacks[$1].total }
      )
    }

    var waiting: [Int]
    (waiting, cut, cutTime) = kept(roots, depth: 0)
    while let index = waiting.popLast() {
      var node = stacks[index]
      let next = kept(below[index], depth: node.depth + 1)
      (node.cut, node.cutTime) = (next.cut, next.time)
      nodes.append(node)
      waiting += next.nodes
    }
  }
}
