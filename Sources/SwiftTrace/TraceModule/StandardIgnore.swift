/// Which modules are left out, as `trace._Ignore` of the standard library has it.
///
/// The first file of a module's name decides for all of that name. Code without a `__file__` is
/// left out.
public struct StandardIgnore: Sendable {
  private let modules: [String]
  private let folders: [String]
  private var decided: [String: Bool] = ["<string>": true]

  /// Leaves out modules by name, and all that lie in some folders.
  ///
  /// - Parameters:
  ///   - modules: names of modules, which stand for their submodules too.
  ///   - folders: normalized, without a slash at the end.
  public init(modules: [String], folders: [String]) {
    self.modules = modules
    self.folders = folders
  }

  /// Whether code of a file is left out.
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
    // As `os.path.splitext`: dots at the beginning are no extension.
    guard let dot = base.lastIndex(of: "."), base[..<dot].contains(where: { $0 != "." }) else {
      return base
    }
    return String(base[..<dot])
  }

  /// What follows the last slash.
  static func baseName(of file: String) -> String {
    file.lastIndex(of: "/").map { String(file[file.index(after: $0)...]) } ?? file
  }
}
