import CTraceHook

extension PythonHost {
  /// Settings for starting the interpreter (default: the Python that the program is linked with,
  /// and its site-packages).
  public struct Configuration: Sendable {
    /// Location of a Python installation.
    public enum Location: Sendable, Hashable {
      /// The installation of the libpython that the program is linked with.
      case linked
      /// A folder with the standard library in `lib/python3.N`.
      case home(String)
      /// A virtual environment: a folder with a `pyvenv.cfg`, made by the same version of Python.
      case virtualEnvironment(String)
    }

    /// Location of the Python installation.
    public var location: Location
    /// `sys.argv`, until a program is run.
    public var arguments: [String]
    /// Whether Python is isolated, as by `python -I`: it ignores `PYTHON…` variables and the user's
    /// site-packages, and the script's folder is not in `sys.path`.
    public var isIsolated: Bool
    /// Whether Ctrl-C raises KeyboardInterrupt and a closed pipe raises BrokenPipeError, as in a
    /// `python` process. If false, Python leaves this program's signal handlers alone, except that
    /// importing `signal` installs CPython's handler for Ctrl-C if the program has none.
    public var handlesSignals: Bool

    /// Creates a configuration (default: the Python that this program is linked with).
    ///
    /// - Parameters:
    ///   - location: location of the Python installation.
    ///   - arguments: `sys.argv`, until a program is run.
    ///   - isIsolated: whether Python is isolated, as by `python -I`.
    ///   - handlesSignals: whether Python installs its signal handlers.
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

/// Checked settings for the interpreter. They are checked before the start, because CPython cannot
/// be started again after a start that failed.
struct InterpreterSettings {
  var home: String?
  var executable: String?
  let isIsolated: Bool
  let handlesSignals: Bool
}

extension PythonHost.Configuration {
  /// Checks the folders that the interpreter needs.
  ///
  /// - Throws: `PythonHostError` if one is missing, or belongs to another version.
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
