/// The modules to ignore, by the rules of `trace._Ignore` in the standard library.
///
/// The first file with a module's name decides for all files with that name. Code without a
/// `__file__` is ignored.
public struct StandardIgnore: Sendable {
  private let modules: [String]
  private let folders: [String]
  private var decided: [String: Bool] = ["<string>": true]

  /// Creates rules that ignore modules by name, and all modules in some folders.
  ///
  /// - Parameters:
  ///   - modules: names of modules; they include their submodules.
  ///   - folders: normalized paths, without a slash at the end.
  public init(modules: [String], folders: [String]) {
    self.modules = modules
    self.folders = folders
  }

  /// Whether code of a file is ignored.
  public mutating func ignores(file: String) -> Bool {
    guard !file.isEmpty else { return true }
    let name = Self.moduleName(of: file)
    if let known = decided[name] { return known }
    let result =
      modules.contains { name == $0 || name.hasPrefix($0 + ".") }
      || folders.contains { file.hasPrefix($0 + "/") }
    decided[name] = result
    return result
  }

  /// The file's name without its folder and its extension.
  static func moduleName(of file: String) -> String {
    let base = baseName(of: file)
    // Like `os.path.splitext`: dots at the beginning do not start an extension.
    guard let dot = base.lastIndex(of: "."), base[..<dot].contains(where: { $0 != "." }) else {
      return base
    }
    return String(base[..<dot])
  }

  /// Returns the part after the last slash.
  static func baseName(of file: String) -> String {
    file.lastIndex(of: "/").map { String(file[file.index(after: $0)...]) } ?? file
  }
}
