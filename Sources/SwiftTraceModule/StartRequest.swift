import SwiftTrace

/// The argument of `_swifttrace.start`, a `StartRequest` of `_swifttrace.pyi`, as Swift values.
struct StartRequest {
  let strategies: [any TracerStrategy]
  let filter: CodeFilter
  let maximumDepth: Int?
  let allThreads: Bool
  /// Whether the request is ignored if a session is running already.
  let mayBeRunning: Bool
  let source: Session.Source
  /// Whether the session reports at its end that the filter has accepted no code.
  let reportsUnmatched: Bool

  init(_ arguments: borrowing Value) throws {
    try arguments.check(count: 1, "start() takes a dict")
    var request = try Arguments(arguments.element(0), of: "start()")
    filter = try CodeFilter(request.arguments("filter"))
    maximumDepth = try request.natural("depth").map { Int($0) }
    allThreads = try request.flag("all_threads")
    mayBeRunning = try request.flag("may_be_running")
    source = try request.choice("source")
    reportsUnmatched = try request.flag("reports_unmatched")
    let list = try request.list("strategies")
    try request.finish()
    // Last, because it creates files.
    strategies = try StrategyList.make(list)
  }
}

extension CodeFilter {
  /// - Parameter arguments: a `Filter` of `_swifttrace.pyi`.
  init(_ arguments: Arguments) throws {
    var arguments = arguments
    self.init()
    includesForeign = try arguments.flag("all")
    foreignFolders = try arguments.strings("library_folders")
    ownFiles = try arguments.strings("own")
    hidden = try arguments.strings("hidden")
    include = try arguments.globs("include")
    exclude = try arguments.globs("exclude")
    functions = try arguments.globs("function")
    try arguments.finish()
  }
}
