import ArgumentParser
import PythonHost
import SwiftTrace

/// The command line: the program to run, the strategies, and the interpreter.
struct Command: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "swifttrace-host",
    abstract: "Trace a Python program: its calls, lines and returns, with values.",
    usage: "swifttrace-host [OPTIONS] (script.py | -m MODULE | -c CODE) [ARGS]",
    discussion: """
      EXAMPLES:
        swifttrace-host script.py
        swifttrace-host --lines -o trace.txt script.py
        swifttrace-host --record run.swt script.py
        swifttrace-host --format sentences --calls -m http.server 8000
        swifttrace-host --function 'Parser.*' --depth 3 --venv .venv script.py
      """)

  @OptionGroup(title: "Events and text (default: calls and returns)")
  var output: OutputOptions

  @OptionGroup(title: "Code to trace (default: your own)")
  var code: CodeOptions

  @OptionGroup(title: "Python (default: the one that swifttrace-host is linked with)")
  var interpreter: InterpreterOptions

  @Option(name: .customShort("m"), parsing: .remaining, help: .init(OptionHelp.module))
  var module: [String] = []

  @Option(name: .customShort("c"), parsing: .remaining, help: .init(OptionHelp.code))
  var source: [String] = []

  @Argument(parsing: .captureForPassthrough, help: "the script to run, and its arguments")
  var script: [String] = []

  /// The program to run, and its arguments.
  private var program: (PythonProgram, arguments: [String]) {
    get throws {
      if let name = module.first { return (.module(name), Array(module.dropFirst())) }
      if let text = source.first { return (.code(text), Array(source.dropFirst())) }
      guard let path = script.first else {
        throw ValidationError("missing program: name a script, -m MODULE or -c CODE")
      }
      switch path {
      case "-h", "--help": throw CleanExit.helpRequest(self)
      case "-m": throw ValidationError("-m needs the name of a module")
      case "-c": throw ValidationError("-c needs code to run")
      case _ where path.hasPrefix("-"):
        throw ValidationError("unknown option \(path) (see swifttrace-host --help)")
      default: try checkReadable(path)
      }
      return (.script(path), Array(script.dropFirst()))
    }
  }

  /// Runs the program, and ends the interpreter.
  ///
  /// - Throws: the error that prevents the program from starting.
  func execute() throws -> PythonEnd {
    let (program, arguments) = try program
    let python = try interpreter.start()
    let filter = try code.filter(for: program, in: python)
    let strategies = try output.strategies(in: python)
    return try python.trace(
      strategies, filter: filter, maximumDepth: code.depth, source: code.eventSource
    ) {
      var end = try python.runToEnd(program, arguments: arguments)
      // Within the trace, so that threads that outlive the script are traced to their end.
      do { try python.shutdown() } catch let error as PythonHostError
        where error.code == .outputLost
      {
        end.status = 120  // The status of CPython, which has printed the reason.
      } catch {
        printMessage("\(error)")
      }
      return end
    }
  }
}
