import CTraceHook

extension PythonHost {
  /// How the interpreter is started. As it stands: the Python that the program is linked with, with
  /// its own site-packages.
  public struct Configuration: Sendable {
    /// Where Python is found.
    public enum Location: Sendable, Hashable {
      /// The installation to which the libpython in use belongs.
      case linked
      /// A folder in which `lib/python3.N` is the standard library.
      case home(String)
      /// A virtual environment: a folder with a `pyvenv.cfg`, made by the same version of Python.
      case virtualEnvironment(String)
    }

    /// Where Python is found.
    public var location: Location
    /// `sys.argv`, until a program is run.
    public var arguments: [String]
    /// As `python -I`: no `PYTHON…` variables, no site-packages of the user's, no script's folder in
    /// `sys.path`.
    public var isIsolated: Bool
    /// Whether Ctrl-C raises KeyboardInterrupt and a closed pipe raises BrokenPipeError, as in an
    /// interpreter of its own. Without it, signals stay as this program has set them; but a program
    /// that imports `signal` takes Ctrl-C for Python in any case, which is CPython's way.
    public var handlesSignals: Bool

    /// Starts the Python that this program is linked with, where nothing is said.
    ///
    /// - Parameters:
    ///   - location: where Python is found.
    ///   - arguments: `sys.argv`, until a program is run.
    ///   - isIsolated: as `python -I`.
    ///   - handlesSignals: whether Python sets its signal handlers.
    public init(
      location: Location = .linked, arguments: [String] = [], isIsolated: Bool = false,
      handlesSignals: Bool = false
    ) {
      self.location = location
      self.arguments = arguments
      self.isIsolated = isIsolated
      self.handlesSignals = handlesSignals
    }
  }
}

/// What the interpreter is started with, looked at before: it gives up in ways that one cannot
/// recover from.
struct InterpreterSettings {
  var home: String?
  var executable: String?
  let isIsolated: Bool
  let handlesSignals: Bool
}

extension PythonHost.Configuration {
  /// Finds the folders that the interpreter needs.
  ///
  /// - Throws: `PythonHostError` where they are missing, or belong to another version.
  func checked() throws(PythonHostError) -> InterpreterSettings {
    var settings = InterpreterSettings(isIsolated: isIsolated, handlesSignals: handlesSignals)
    switch location {
    case .linked: break
    case .home(let folder):
      let library = "\(folder)/lib/python\(Interpreter.version)"
      guard FileSystem.isReadable("\(library)/os.py") else {
        throw PythonHostError(
          .configuration,
          "no Python \(Interpreter.version) in \(folder): there is no \(library)/os.py")
      }
      settings.home = folder
    case .virtualEnvironment(let folder):
      let environment = try VirtualEnvironment(folder)
      try environment.check(version: Interpreter.version)
      settings.executable = environment.executable
    }
    return settings
  }
}
