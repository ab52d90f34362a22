import SwiftTrace

/// The arguments of `_swifttrace.start`, as Swift values.
///
/// In order: the strategies, each a tuple `(kind, target)`; the depth, or None; whether all threads
/// are traced; the seven arguments of a filter (`CodeFilter.init`); whether a session may be
/// running already, and then nothing is started; and the source. The Python package makes them, and
/// checks what users write.
struct StartRequest {
  let strategies: [any TracerStrategy]
  let filter: CodeFilter
  let maximumDepth: Int?
  let allThreads: Bool
  /// Whether it is no mistake that a session is running already.
  let mayBeRunning: Bool
  let source: Session.Source

  init(_ arguments: borrowing Value) throws {
    try arguments.check(count: 12, "start() takes 12 arguments")
    maximumDepth = try arguments.natural(at: 1).map { Int($0) }
    allThreads = try arguments.flag(at: 2)
    filter = try CodeFilter(arguments, from: 3)
    mayBeRunning = try arguments.flag(at: 10)
    guard let source = Session.Source(rawValue: try arguments.string(at: 11)) else {
      throw ModuleError.value("the source is 'auto', 'settrace' or 'monitoring'")
    }
    self.source = source
    // The last, as it creates files.
    strategies = try StrategyList.make(arguments.element(0))
  }
}

extension CodeFilter {
  /// - Parameter arguments: from `first` on, whether foreign code is traced; and six lists of str:
  ///   foreign folders, own files, hidden paths, globs to include, globs to exclude, globs on
  ///   functions.
  init(_ arguments: borrowing Value, from first: Int) throws {
    self.init()
    includesForeign = try arguments.flag(at: first)
    foreignFolders = try arguments.strings(at: first + 1)
    ownFiles = try arguments.strings(at: first + 2)
    hidden = try arguments.strings(at: first + 3)
    include = try arguments.strings(at: first + 4).map { Glob($0) }
    exclude = try arguments.strings(at: first + 5).map { Glob($0) }
    functions = try arguments.strings(at: first + 6).map { Glob($0) }
  }
}
