/// Which code is traced. Asked once for each code object of a session.
public struct CodeFilter: Sendable {
  /// Folders whose code is not the user's own: the standard library, site-packages. Each ends in
  /// `/`.
  public var foreignFolders: [String]
  /// Files that are traced although they lie in a foreign folder: the program itself.
  public var ownFiles: [String]
  /// Code in these files is never traced, whatever else is said. Prefixes of paths.
  public var hidden: [String]
  /// Globs on files that bring code in, foreign or not; when there are any, only theirs is traced.
  public var include: [Glob]
  /// Globs on files that leave code out.
  public var exclude: [Glob]
  /// Globs on qualified names; when there are any, only matching functions are traced.
  public var functions: [Glob]
  /// Whether foreign code and frozen modules are traced too.
  public var includesForeign: Bool

  /// A filter that lets everything through.
  public init() {
    foreignFolders = []
    ownFiles = []
    hidden = []
    include = []
    exclude = []
    functions = []
    includesForeign = true
  }

  /// - Parameters:
  ///   - file: `co_filename`.
  ///   - qualifiedName: `co_qualname`.
  public func accepts(file: String, qualifiedName: String) -> Bool {
    if hidden.contains(where: file.hasPrefix) { return false }
    if exclude.contains(where: { $0.matches(path: file.utf8) }) { return false }
    if !functions.isEmpty, !functions.contains(where: { $0.matches(qualifiedName.utf8) }) {
      return false
    }
    if !include.isEmpty { return include.contains { $0.matches(path: file.utf8) } }
    return includesForeign || isOwn(file)
  }

  private func isOwn(_ file: String) -> Bool {
    if ownFiles.contains(file) { return true }
    if file.hasPrefix("<frozen ") { return false }
    return !foreignFolders.contains(where: file.hasPrefix)
  }
}
