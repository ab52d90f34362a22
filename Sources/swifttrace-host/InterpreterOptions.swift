import ArgumentParser
import PythonHost

/// The options that select a Python.
struct InterpreterOptions: ParsableArguments {
  @Option(help: .init("the installation in DIR", valueName: "DIR"))
  var home: String?

  @Option(help: .init("the virtual environment in DIR", valueName: "DIR"))
  var venv: String?

  func validate() throws {
    if home != nil, venv != nil {
      throw ValidationError("--home and --venv exclude each other: write one of them")
    }
  }

  /// - Throws: `PythonHostError` if there is no such Python.
  func start() throws -> PythonHost {
    var configuration = PythonHost.Configuration(handlesSignals: true)
    if let home { configuration.location = .home(home) }
    if let venv { configuration.location = .virtualEnvironment(venv) }
    return try PythonHost(configuration)
  }
}
