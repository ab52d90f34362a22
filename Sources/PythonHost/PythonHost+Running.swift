import SwiftTrace

extension PythonHost {
  /// Runs a script as `python PATH ARGUMENTS` would, in a fresh `__main__`.
  ///
  /// - Throws: `PythonException` for an exception that the program did not catch, or if there is no
  ///   such file; `PythonExit` for `sys.exit()`; `PythonHostError` after `shutdown()`.
  public func run(script path: String, arguments: [String] = []) throws {
    try run(.script(path), arguments: arguments)
  }

  /// Runs a module as `python -m NAME ARGUMENTS` would, in a fresh `__main__`.
  ///
  /// - Throws: as `run(script:arguments:)`.
  public func run(module name: String, arguments: [String] = []) throws {
    try run(.module(name), arguments: arguments)
  }

  /// Runs source code as `python -c CODE ARGUMENTS` would, in a fresh `__main__`.
  ///
  /// - Throws: as `run(script:arguments:)`.
  public func run(code: String, arguments: [String] = []) throws {
    try run(.code(code), arguments: arguments)
  }

  /// Runs a program in a fresh `__main__`, with `sys.argv`, `sys.path[0]` and `__file__` as the
  /// interpreter would set them. Its output is flushed before this returns.
  ///
  /// - Throws: as `run(script:arguments:)`.
  public func run(_ program: PythonProgram, arguments: [String] = []) throws {
    try withPython {
      defer { Interpreter.flush() }
      do { try Interpreter.run(program, arguments) } catch let exception as PythonException {
        throw Interpreter.outcome(of: exception)
      }
    }
  }

  /// Runs a program and handles its end as the interpreter does: an uncaught exception is passed to
  /// `sys.excepthook`, which prints the traceback.
  ///
  /// - Throws: `PythonHostError` after `shutdown()`.
  public func runToEnd(_ program: PythonProgram, arguments: [String] = []) throws -> PythonEnd {
    try withPython {
      defer { Interpreter.flush() }
      do { try Interpreter.run(program, arguments) } catch let exception as PythonException {
        return Interpreter.end(by: exception)
      }
      return PythonEnd(status: 0)
    }
  }

  /// Evaluates an expression in the `__main__` that the last program left.
  ///
  /// - Returns: a copy of its value, independent of the interpreter.
  /// - Throws: as `run(script:arguments:)`.
  public func evaluate(_ expression: String) throws -> PythonValue {
    try withPython {
      defer { Interpreter.flush() }
      do {
        let prepared = try Interpreter.call("prepare_expression", [expression])
        let result = try Interpreter.run(prepared)
        return PythonValue(copying: result.value)
      } catch let exception as PythonException {
        throw Interpreter.outcome(of: exception)
      }
    }
  }
}
