import SwiftTrace

/// The arguments of `_swifttrace.start`, as Swift values.
///
/// In order: the strategies, each a tuple `(kind, target)`; the depth, or None; whether all threads are traced;
/// the seven arguments of a filter (`CodeFilter.init`); whether a session may be running already, and then
/// nothing is started; and the source. The Python package makes them, and checks what users write.
struct StartRequest {
  let strategies: [any TracerStrategy]
  let filter: CodeFilter
  let maximumDepth: Int?
  let allThreads: Bool
  /// Whether it is no mistake that a session is running already.
  let mayBeRunning: Bool
  let source: Session.Source

  init(_ arguments: borrowing Value) throws {
    guard arguments.kind == .tuple, arguments.count == 12 else {
      throw ModuleError.type("start() takes 12 arguments")
    }
    strategies = try StrategyList.make(arguments.item(0))
    let depth = arguments.item(1)
    maximumDepth = depth.kind == .int ? depth.int64.map { Int($0) } : nil
    allThreads = arguments.item(2).kind == .true
    filter = try CodeFilter(arguments, from: 3)
    mayBeRunning = arguments.item(10).kind == .true
    let word = arguments.item(11)
    guard word.kind == .string, let source = Session.Source(rawValue: word.string) else {
      throw ModuleError.value("the source is 'auto', 'settrace' or 'monitoring'")
    }
    self.source = source
  }
}

extension CodeFilter {
  /// - Parameter arguments: from `first` on, whether foreign code is traced; and six lists of str: foreign
  ///   folders, own files, hidden paths, globs to include, globs to exclude, globs on functions.
  init(_ arguments: borrowing Value, from first: Int) throws {
    self.init()
    includesForeign = arguments.item(first).kind == .true
    foreignFolders = try strings(arguments.item(first + 1))
    ownFiles = try strings(arguments.item(first + 2))
    hidden = try strings(arguments.item(first + 3))
    include = try strings(arguments.item(first + 4)).map { Glob($0) }
    exclude = try strings(arguments.item(first + 5)).map { Glob($0) }
    functions = try strings(arguments.item(first + 6)).map { Glob($0) }
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
