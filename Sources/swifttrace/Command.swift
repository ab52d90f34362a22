import ArgumentParser
import PythonHost
import SwiftTrace

/// The command line: what is run, and under which strategies.
struct Command: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "swifttrace",
    abstract: "Trace a Python program: its calls, lines and returns, with values.",
    usage: "swifttrace [OPTIONS] (script.py | -m MODULE | -c CODE) [ARGS]",
    discussion: """
      EXAMPLES:
        swifttrace script.py
        swifttrace --lines -o trace.txt script.py
        swifttrace --record run.swt script.py
        swifttrace --format sentences --calls -m http.server 8000
        swifttrace --function 'Parser.*' --depth 3 --venv .venv script.py
      """)

  @OptionGroup(title: "What is shown (calls and returns if nothing is said)")
  var output: OutputOptions

  @OptionGroup(title: "Which code is traced (your own if nothing is said)")
  var code: CodeOptions

  @OptionGroup(title: "Which Python runs it (the one that swifttrace is linked with)")
  var interpreter: InterpreterOptions

  @Option(name: .customShort("m"), parsing: .remaining, help: "Run a module, as python -m does.")
  var module: [String] = []

  @Option(name: .customShort("c"), parsing: .remaining, help: "Run code, as python -c does.")
  var source: [String] = []

  @Argument(parsing: .captureForPassthrough, help: "The script to run, and its arguments.")
  var script: [String] = []

  /// The program, and its own arguments.
  private var program: (PythonProgram, arguments: [String]) {
    get throws {
      if let name = module.first { return (.module(name), Array(module.dropFirst())) }
      if let text = source.first { return (.code(text), Array(source.dropFirst())) }
      guard let path = script.first else {
        throw ValidationError("say what to trace: a script, -m MODULE or -c CODE")
      }
      switch path {
      case "-h", "--help": throw CleanExit.helpRequest(self)
      case "-m": throw ValidationError("-m needs the name of a module")
      case "-c": throw ValidationError("-c needs code to run")
      case _ where path.hasPrefix("-"):
        throw ValidationError("unknown option \(path) (see swifttrace --help)")
      default: try checkReadable(path)
      }
      return (.script(path), Array(script.dropFirst()))
    }
  }

  /// Runs the program to its end, and the interpreter too.
  ///
  /// - Throws: what keeps the program from being started.
  func execute() throws -> PythonEnd {
    let (program, arguments) = try program
    let python = try interpreter.start()
    let filter = try code.filter(for: program, in: python)
    let strategies = try output.strategies(in: python)
    return try python.trace(
      strategies, filter: filter, maximumDepth: code.depth, source: code.eventSource
    ) {
      var end = try python.runToEnd(program, arguments: arguments)
      // Within the trace, so that threads that outlive the script's last line are traced to theirs.
      do { try python.shutdown() } catch let error as PythonHostError
        where error.code == .outputLost
      {
        end.status = 120  // As Python itself, which has said why.
      } catch {
        tellUser("\(error)")
      }
      return end
    }
  }
}
