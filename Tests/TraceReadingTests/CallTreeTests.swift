import Testing
import TraceFormat
import TraceReading

@Suite struct CallTreeTests {
  /// f1 runs for 100 ns and calls f2 for 60, which calls f3 twice for 20; then f3 for 10. f4 runs
  /// for 1 ns after it.
  private func reader() throws -> TraceReader {
    var builder = RecordingBuilder()
    builder.define(functions: 4)
    builder.add(threads: 1)
    let calls: [(EventKind, UInt32, Int32, UInt64)] = [
      (.call, 1, 0, 1000), (.call, 2, 1, 1010), (.call, 3, 2, 1020), (.return, 3, 2, 1040),
      (.call, 3, 2, 1045), (.return, 3, 2, 1065), (.return, 2, 1, 1070), (.call, 3, 1, 1080),
      (.return, 3, 1, 1090), (.return, 1, 0, 1100), (.call, 4, 0, 1100), (.return, 4, 0, 1101),
    ]
    for (kind, function, depth, time) in calls {
      let line = RecordingBuilder.callLine(function)
      builder.add(kind, EventHeader(function: function, line: line, depth: depth, time: time))
    }
    return try TraceReader(contents: builder.finish())
  }

  private func lines(_ tree: CallTree) -> [String] {
    tree.nodes.map { node in
      let indentation = String(repeating: " ", count: node.depth)
      let name = String(decoding: tree.functions[node.function].name, as: UTF8.self)
      let cut = node.cut > 0 ? " cut \(node.cut) of \(node.cutTime)" : ""
      return "\(indentation)\(name) \(node.count) \(node.total) \(node.own)\(cut)"
    }
  }

  private func callees(
    _ limits: CallTree.Limits, of matches: @escaping ([UInt8]) -> Bool = { _ in true }
  ) throws -> CallTree {
    let reader = try reader()
    var view = CalleesView(of: matches)
    reader.walkCalls(ThreadSelection(), &view)
    return CallTree(callees: view.tree, of: reader, limits)
  }

  private func callers(_ limits: CallTree.Limits, of name: String) throws -> CallTree {
    let reader = try reader()
    var view = CallersView { $0 == Array(name.utf8) }
    reader.walkCalls(ThreadSelection(), &view)
    return CallTree(callers: view.tree, of: reader, limits)
  }

  @Test func callsOnTheSameStackAreOneNodeAndTheSlowestIsFirst() throws {
    let tree = try callees(CallTree.Limits(share: 0))
    #expect(
      lines(tree) == ["f1 1 100 30", " f2 1 60 20", "  f3 2 40 40", " f3 1 10 10", "f4 1 1 1"])
    #expect(tree.total == 101)
    #expect((tree.cut, tree.cutTime) == (0, 0))
  }

  @Test func aShareCutsWhatTookLess() throws {
    let tree = try callees(CallTree.Limits(share: 0.2))
    #expect(lines(tree) == ["f1 1 100 30 cut 1 of 10", " f2 1 60 20", "  f3 2 40 40"])
    #expect((tree.cut, tree.cutTime) == (1, 1))
  }

  @Test func aDepthCutsTheLevelsBelow() throws {
    #expect(
      lines(try callees(CallTree.Limits(share: 0, depth: 1)))
        == ["f1 1 100 30 cut 2 of 70", "f4 1 1 1"])
  }

  @Test func aTreeCanBeginWithAFunction() throws {
    let tree = try callees(CallTree.Limits(share: 0)) { $0 == Array("f2".utf8) }
    #expect(lines(tree) == ["f2 1 60 20", " f3 2 40 40"])
    #expect(tree.total == 60)
  }

  @Test func callersAreBelowTheFunctionsThatTheyLeadTo() throws {
    let tree = try callers(CallTree.Limits(share: 0), of: "f3")
    #expect(lines(tree) == ["f3 3 50 50", " f2 2 40 40", "  f1 2 40 40", " f1 1 10 10"])
    #expect(tree.total == 50)
    #expect(
      lines(try callers(CallTree.Limits(share: 0.5), of: "f3"))
        == ["f3 3 50 50 cut 1 of 10", " f2 2 40 40", "  f1 2 40 40"])
    #expect(lines(try callers(CallTree.Limits(depth: 1), of: "f3")) == ["f3 3 50 50 cut 2 of 50"])
  }

  @Test func recursionIsFolded() throws {
    var builder = RecordingBuilder(chunkSize: 1 << 20)
    builder.define(functions: 2)
    let deep: Int32 = 20_000
    var time: UInt64 = 2000
    func header(_ depth: Int32) -> EventHeader {
      let function = UInt32(depth & 1) + 1
      time += 1
      return EventHeader(
        function: function, line: RecordingBuilder.callLine(function), depth: depth, time: time)
    }
    for depth in 0..<deep { builder.add(.call, header(depth)) }
    for depth in (0..<deep).reversed() { builder.add(.return, header(depth)) }
    let reader = try TraceReader(contents: builder.finish())
    var view = CalleesView { _ in true }
    reader.walkCalls(ThreadSelection(), &view)
    let tree = CallTree(callees: view.tree, of: reader)
    #expect(tree.nodes.map { $0.count } == [10_000, 10_000])
    #expect(tree.nodes.map { $0.depth } == [0, 1])
    #expect(tree.nodes[0].total == 39_999)
  }
}
