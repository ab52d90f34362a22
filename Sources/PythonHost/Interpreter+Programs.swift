import SwiftTrace

extension Interpreter {
  /// Runs a program in a fresh `__main__`.
  ///
  /// - Throws: `PythonException`, the program's own or the reason why it cannot be run.
  static func run(_ program: PythonProgram, _ arguments: [String]) throws {
    _ = try run(call("prepare_\(program.kind)", [program.text] + arguments))
  }

  /// The strings in the list that a helper returns.
  static func strings(_ helper: String, _ texts: [String] = []) throws -> [String] {
    let list = try call(helper, texts)
    return (0..<list.value.count).compactMap { list.value.stringElement($0) }
  }

  /// Writes out what the program has printed.
  static func flush() { _ = try? call("flush") }

  /// The Swift error for a program's exception: `PythonExit` for a SystemExit, else a
  /// `PythonException` that holds only texts.
  static func outcome(of exception: PythonException) -> any Error {
    guard let object = exception.pythonObject,
      let described = try? call("describe", about: object)
    else { return exception.detached(traceback: "") }
    let message = described.value.stringElement(1)
    switch described.value.item(0) {
    case .some(let status) where status.kind == .int:
      // Like CPython, which passes the low 32 bits to the system.
      let code = status.int64.map { Int32(truncatingIfNeeded: $0) } ?? -1
      return PythonExit(status: code, message: message)
    default: return exception.detached(traceback: message ?? "")
    }
  }

  /// Prints what CPython prints for an uncaught exception, and returns how the program ended.
  static func end(by exception: PythonException) -> PythonEnd {
    _ = try? call("end_script")
    if let exit = outcome(of: exception) as? PythonExit {
      if let message = exit.message { _ = try? call("say", [message]) }
      return PythonEnd(status: exit.status)
    }
    report(exception)
    let isInterrupt = exception.typeName == "KeyboardInterrupt"
    return PythonEnd(status: isInterrupt ? 130 : 1, wasInterrupted: isInterrupt)
  }

  /// A copy of the exception that holds only texts, without the Python object.
  static func detach(_ exception: PythonException) -> PythonException {
    exception.pythonObject == nil
      ? exception
      : (outcome(of: exception) as? PythonException ?? exception.detached(traceback: ""))
  }
}
