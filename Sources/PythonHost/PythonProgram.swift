/// A program to run in `__main__`.
public enum PythonProgram: Sendable, Hashable {
  /// The path of a script, or of a folder or zip file with a `__main__.py`: `python PATH`.
  case script(String)
  /// The name of a module or package: `python -m NAME`.
  case module(String)
  /// Source code: `python -c CODE`.
  case code(String)

  /// The suffix of the helper `prepare_…` in `host.py`, and the first argument of `own_files`.
  var kind: String {
    switch self {
    case .script: "script"
    case .module: "module"
    case .code: "code"
    }
  }

  /// The path, name or code.
  var text: String {
    switch self {
    case .script(let text), .module(let text), .code(let text): text
    }
  }
}
