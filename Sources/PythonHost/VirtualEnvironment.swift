/// A folder made by `python -m venv` or a similar tool.
struct VirtualEnvironment {
  private let folder: String
  /// The version in `pyvenv.cfg`, such as `3.13.0`; nil if the file has none.
  private let version: String?

  /// - Throws: `PythonHostError` if `pyvenv.cfg` cannot be read.
  init(_ folder: String) throws(PythonHostError) {
    guard let text = FileSystem.text(of: "\(folder)/pyvenv.cfg") else {
      throw PythonHostError(
        .configuration, "\(folder) is no virtual environment: there is no pyvenv.cfg in it")
    }
    self.folder = FileSystem.absolute(folder)
    version = Self.value(of: ["version", "version_info"], in: text)
  }

  /// The value for `sys.executable`, from which the interpreter finds `pyvenv.cfg`.
  var executable: String { "\(folder)/bin/python" }

  /// - Throws: `PythonHostError` if the environment belongs to another version.
  func check(version linked: String) throws(PythonHostError) {
    guard let version, version != linked, !version.hasPrefix("\(linked).") else { return }
    throw PythonHostError(
      .configuration, "\(folder) is of Python \(version); this program is linked with \(linked)")
  }

  /// The value of the first line `key = value` with one of these keys; nil if there is none.
  private static func value(of keys: [String], in text: String) -> String? {
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, keys.contains(trimmed(parts[0])) else { continue }
      return trimmed(parts[1])
    }
    return nil
  }

  private static func trimmed(_ text: Substring) -> String {
    let start = text.drop(while: \.isWhitespace)
    let end = start.lastIndex { !$0.isWhitespace }
    return end.map { String(start[...$0]) } ?? ""
  }
}
