import SwiftTrace

extension PythonHost {
  /// Runs `body`, and traces what it runs in Python.
  ///
  ///     try python.trace(CallLogger()) { try python.run(script: "script.py") }
  ///
  /// - Parameters:
  ///   - strategies: called in this order for each event.
  ///   - filter: which code is traced; as it stands the user's own, see `ownCode(of:)`.
  ///   - maximumDepth: how many traced frames of a stack are shown; nil for all.
  ///   - allThreads: whether all threads are traced, or only the calling one.
  ///   - source: where events come from.
  ///   - body: what is traced. It may call the host from other threads.
  /// - Throws: what `body` throws; else what a strategy's `finish` throws; `PythonHostError` when a
  ///   trace is running already.
  public func trace<Result>(
    _ strategies: any TracerStrategy..., filter: CodeFilter? = nil, maximumDepth: Int? = nil,
    allThreads: Bool = true, source: Session.Source = .automatic, _ body: () throws -> Result
  ) throws -> Result {
    try trace(
      strategies, filter: filter, maximumDepth: maximumDepth, allThreads: allThreads,
      source: source,
      body)
  }

  /// Runs `body`, and traces what it runs in Python: as above, with the strategies in an array.
  public func trace<Result>(
    _ strategies: [any TracerStrategy], filter: CodeFilter? = nil, maximumDepth: Int? = nil,
    allThreads: Bool = true, source: Session.Source = .automatic, _ body: () throws -> Result
  ) throws -> Result {
    var filter = try filter ?? ownCode()
    filter.hidden.append(Interpreter.helpersFile)
    let trace = try ActiveTrace.begin(
      Session(
        strategies, filter: filter, maximumDepth: maximumDepth, allThreads: allThreads,
        source: source))
    let result: Result
    do { result = try body() } catch {
      try? trace.end()
      throw error
    }
    try trace.end()
    return result
  }

  /// The filter for the user's own code: all but the standard library, site-packages and frozen
  /// modules.
  ///
  /// - Parameter program: a program whose files count as the user's own wherever they lie.
  /// - Throws: `PythonException`, an OSError or ImportError, when there is no such program.
  public func ownCode(of program: PythonProgram? = nil) throws -> CodeFilter {
    try withPython {
      var filter = CodeFilter()
      filter.includesForeign = false
      filter.foreignFolders = try Interpreter.strings("foreign_folders")
      if let program {
        filter.ownFiles = try Interpreter.strings("own_files", [program.kind, program.text])
      }
      return filter
    }
  }

  /// A sink that writes through the program's `sys.stdout`, so that the order with what the program
  /// itself prints is kept.
  public func standardOutput() throws -> TextSink {
    try withPython { TextSink(pythonFile: try Interpreter.call("standard_output")) }
  }
}
