/// Which code is traced. Asked once for each code object of a session.
public struct CodeFilter: Sendable {
  /// Folders whose code is not the user's own: the standard library, site-packages. Each ends in
  /// `/`.
  public var foreignFolders: [String]
  /// Files, and folders ending in `/`, that are traced although they lie in a foreign folder: the
  /// program itself.
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

  /// Whether everything is let through.
  package var acceptsAll: Bool {
    includesForeign && hidden.isEmpty && include.isEmpty && exclude.isEmpty && functions.isEmpty
  }

  /// Whether the function is traced.
  ///
  /// Code that comes from a string (`<string>`) has no file; it belongs to whoever made it: see
  /// `StringCode`.
  func accepts(_ function: borrowing Function, in frame: borrowing Frame) -> Bool {
    let file = function.file
    guard StringCode.hasNoFile(file) else {
      return accepts(file: file, qualifiedName: function.qualifiedName)
    }
    let maker = StringCode.maker(of: function, in: frame, hidden: hidden)
    let module = frame.moduleFile
    if hidden.contains(where: module.hasPrefix) { return false }
    return accepts(file: file, qualifiedName: function.qualifiedName)
      && (includesForeign || !include.isEmpty || maker != StringCode.unknownMaker && isOwn(maker))
  }

  /// Whether code is traced, by its file and name alone.
  ///
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
    if ownFiles.contains(where: { $0.hasSuffix("/") ? file.hasPrefix($0) : file == $0 }) {
      return true
    }
    if file.hasPrefix("<frozen ") { return false }
    return !foreignFolders.contains(where: file.hasPrefix)
  }
}
