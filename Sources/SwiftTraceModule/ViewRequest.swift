import SwiftTrace
import TraceReading

/// The arguments of `_swifttrace.view`, as Swift values: the recording, and a `ViewRequest` of
/// `_swifttrace.pyi`.
struct ViewRequest {
  private enum View: String {
    case stats, callers, callees, paths, tree, diff, overview, exceptions
  }

  private let recording: OpenRecording
  private let view: View
  private let globs: [Glob]
  private let selection: ThreadSelection
  private let byThread: Bool
  private let countsLines: Bool
  private let comparesValues: Bool
  private let isReversed: Bool
  private let limits: CallTree.Limits
  private let other: OpenRecording?

  init(_ arguments: borrowing Value) throws {
    try arguments.check(count: 2, "view() takes a recording and a dict")
    recording = try OpenRecording.of(arguments)
    var request = try Arguments(arguments.element(1), of: "view()")
    view = try request.choice("name")
    globs = try request.globs("globs")
    selection = try ThreadSelection(&request)
    byThread = try request.flag("by_thread")
    countsLines = try request.flag("lines")
    comparesValues = try request.flag("values")
    isReversed = try request.flag("reverse")
    limits = CallTree.Limits(
      share: try request.number("share"), depth: try request.natural("depth").map { Int($0) })
    let second = try request.object("other")
    other = view == .diff ? try OpenRecording.of(second) : nil
    try request.finish()
  }

  /// Computes the view, until the recording's end or until a signal's handler raises.
  func run() throws -> PythonData { try recording.read(result) }

  private func result(_ progress: (UInt64) -> Bool) throws -> PythonData {
    let reader = recording.reader
    switch view {
    case .stats:
      let statistics = Statistics.of(
        reader, selection, byThread: byThread, lines: countsLines, progress: progress)
      return .statistics(statistics, of: reader)
    case .callers:
      var view = CallersView(of: matches)
      guard reader.walkCalls(selection, &view, progress: progress) else { return .none }
      return .tree(view.tree, of: reader)
    case .callees:
      var view = CalleesView(of: matches)
      guard reader.walkCalls(selection, &view, progress: progress) else { return .none }
      return .tree(view.tree, of: reader)
    case .paths:
      var view = ExceptionPaths(to: matchesClass)
      guard reader.walkCalls(selection, &view, progress: progress) else { return .none }
      return .tree(view.tree, of: reader)
    case .tree: return tree(progress)
    case .diff: return try difference(progress)
    case .exceptions:
      var classes: [[UInt8]: Int] = [:]
      var view = ExceptionPaths { name in
        // Bounded, because each exception of a damaged file may have another class.
        if classes[name] != nil || classes.count < 1 << 12 { classes[name, default: 0] += 1 }
        return false
      }
      guard reader.walkCalls(selection, &view, progress: progress) else { return .none }
      return .tuple(classes.map { .tuple([.text($0.key), .int($0.value)]) })
    case .overview:
      guard let overview = Overview.of(reader, progress: progress) else { return .none }
      return .overview(overview, of: reader)
    }
  }

  /// The merged tree of all calls, of those below functions, or of their callers.
  private func tree(_ progress: (UInt64) -> Bool) -> PythonData {
    let reader = recording.reader
    guard isReversed else {
      var view = globs.isEmpty ? CalleesView { _ in true } : CalleesView(of: matches)
      guard reader.walkCalls(selection, &view, progress: progress) else { return .none }
      return .callTree(CallTree(callees: view.tree, of: reader, limits))
    }
    var view = globs.isEmpty ? CallersView { _ in true } : CallersView(of: matches)
    guard reader.walkCalls(selection, &view, progress: progress) else { return .none }
    return .callTree(CallTree(callers: view.tree, of: reader, limits))
  }

  private func difference(_ progress: (UInt64) -> Bool) throws -> PythonData {
    guard let other else { throw ModuleError.type("expected another recording") }
    let (first, second) = (recording.reader, other.reader)
    var comparison = Comparison(first, second, values: comparesValues)
    comparison.run(progress: progress)
    return .tuple([
      .comparison(comparison, first, second), .statistics(comparison.firstStatistics, of: first),
      .statistics(comparison.secondStatistics, of: second),
    ])
  }

  private func matches(_ name: [UInt8]) -> Bool { globs.contains { $0.matches(name) } }

  /// Whether a glob matches the name of a class, with or without its module.
  private func matchesClass(_ name: [UInt8]) -> Bool {
    if matches(name) { return true }
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return false }
    return matches(Array(name[(dot + 1)...]))
  }
}
