import SwiftTrace
import TraceReading

/// The arguments of `_swifttrace.view`, as Swift values.
///
/// In order: the recording; `stats`, `callers`, `callees`, `paths` or `diff`; a list of globs, of
/// functions or classes of exceptions; a tuple of process and thread (each an int or None), whether
/// each thread is counted for itself, and whether lines are counted (of a diff, whether values are
/// compared); and of a diff the other recording, else None.
struct ViewRequest {
  private let recording: OpenRecording
  private let name: String
  private let globs: [Glob]
  private let selection: ThreadSelection
  private let byThread: Bool
  private let isDetailed: Bool
  private let other: OpenRecording?

  init(_ arguments: borrowing Value) throws {
    let description = "view() takes a recording, a name, globs, 4 settings, another recording"
    try arguments.check(count: 5, description)
    let settings = try arguments.element(3)
    try settings.check(count: 4, description)
    recording = try OpenRecording.of(arguments)
    name = try arguments.string(at: 1)
    globs = try arguments.strings(at: 2).map { Glob($0) }
    selection = try ThreadSelection(settings, from: 0)
    byThread = try settings.flag(at: 2)
    isDetailed = try settings.flag(at: 3)
    other = name == "diff" ? try OpenRecording.of(arguments, at: 4) : nil
  }

  /// Goes through the recording, to the end or until a signal's handler raises.
  func run() throws -> PythonData { try recording.read(result) }

  private func result(_ progress: (UInt64) -> Bool) throws -> PythonData {
    let reader = recording.reader
    switch name {
    case "stats":
      let statistics = Statistics.of(
        reader, selection, byThread: byThread, lines: isDetailed, progress: progress)
      return .statistics(statistics, of: reader)
    case "callers":
      var view = CallersView(of: matches)
      guard reader.walkCalls(selection, &view, progress: progress) else { return .none }
      return .tree(view.tree, of: reader)
    case "callees":
      var view = CalleesView(of: matches)
      guard reader.walkCalls(selection, &view, progress: progress) else { return .none }
      return .tree(view.tree, of: reader)
    case "paths":
      var view = ExceptionPaths(to: matchesClass)
      guard reader.walkCalls(selection, &view, progress: progress) else { return .none }
      return .tree(view.tree, of: reader)
    case "diff": return try difference(progress)
    default: throw ModuleError.value("unknown view: \(name)")
    }
  }

  private func difference(_ progress: (UInt64) -> Bool) throws -> PythonData {
    guard let other else { throw ModuleError.type("expected another recording") }
    let (first, second) = (recording.reader, other.reader)
    var comparison = Comparison(first, second, values: isDetailed)
    comparison.run(progress: progress)
    return .tuple([
      .comparison(comparison, first, second), .statistics(comparison.firstStatistics, of: first),
      .statistics(comparison.secondStatistics, of: second),
    ])
  }

  private func matches(_ name: [UInt8]) -> Bool { globs.contains { $0.matches(name) } }

  /// A class matches by its whole name, or without its module.
  private func matchesClass(_ name: [UInt8]) -> Bool {
    if matches(name) { return true }
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return false }
    return matches(Array(name[(dot + 1)...]))
  }
}
