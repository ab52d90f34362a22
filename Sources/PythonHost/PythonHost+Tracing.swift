import SwiftTrace

extension PythonHost {
  /// Runs `body`, and traces the Python code that it runs.
  ///
  ///     try python.trace(CallLogger()) { try python.run(script: "script.py") }
  ///
  /// - Parameters:
  ///   - strategies: called in this order for each event.
  ///   - filter: the code to trace (default: the user's own, see `ownCode(of:)`).
  ///   - maximumDepth: number of traced frames of each stack that have events, from the outermost
  ///     on; nil for all.
  ///   - allThreads: whether all threads are traced, or only the calling one.
  ///   - source: the source of events.
  ///   - body: the code to run. It may call the host from other threads.
  /// - Throws: the error of `body`, else that of a strategy's `finish`; `PythonHostError` if a
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

  /// Runs `body`, and traces the Python code that it runs. Takes the strategies in an array.
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

  /// The filter for user code: all code outside the standard library, site-packages and frozen
  /// modules.
  ///
  /// - Parameter program: a program whose files are user code in any folder.
  /// - Throws: `PythonException`, an OSError or ImportError, if there is no such program.
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

  /// A sink that writes through the program's `sys.stdout`, so that its text and the program's own
  /// output keep their order.
  public func standardOutput() throws -> TextSink {
    try withPython { TextSink(pythonFile: try Interpreter.call("standard_output")) }
  }
}
