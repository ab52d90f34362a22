import SwiftTrace

/// The arguments of `_swifttrace.start`, as Swift values.
///
/// In order: the strategies, each a tuple `(kind, target)`; the depth, or None; whether all threads
/// are traced; whether foreign code is traced; and six lists of str: foreign folders, own files, hidden paths, globs to include, globs
/// to exclude, globs on functions; whether a session may be running already, and then nothing is started. The Python package makes them, and checks what users write.
struct StartRequest {
  let strategies: [any TracerStrategy]
  let filter: CodeFilter
  let maximumDepth: Int?
  let allThreads: Bool
  /// Whether it is no mistake that a session is running already.
  let mayBeRunning: Bool

  init(_ arguments: borrowing Value) throws {
    guard arguments.kind == .tuple, arguments.count == 11 else {
      throw ModuleError.type("start() takes 11 arguments")
    }
    strategies = try StrategyList.make(arguments.item(0))
    let depth = arguments.item(1)
    maximumDepth = depth.kind == .int ? depth.int64.map { Int($0) } : nil
    allThreads = arguments.item(2).kind == .true
    mayBeRunning = arguments.item(10).kind == .true
    var filter = CodeFilter()
    filter.includesForeign = arguments.item(3).kind == .true
    filter.foreignFolders = try strings(arguments.item(4))
    filter.ownFiles = try strings(arguments.item(5))
    filter.hidden = try strings(arguments.item(6))
    filter.include = try strings(arguments.item(7)).map { Glob($0) }
    filter.exclude = try strings(arguments.item(8)).map { Glob($0) }
    filter.functions = try strings(arguments.item(9)).map { Glob($0) }
    self.filter = filter
  }
}

/// The strs of a list.
func strings(_ list: borrowing Value) throws -> [String] {
  guard list.kind == .list else { throw ModuleError.type("expected a list of str") }
  var result: [String] = []
  for index in 0..<list.count {
    let item = list.item(index)
    guard item.kind == .string else { throw ModuleError.type("expected a list of str") }
    result.append(item.string)
  }
  return result
}
