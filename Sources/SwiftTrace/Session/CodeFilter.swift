/// The rule that selects the code to trace. Evaluated once for each code object of a session.
public struct CodeFilter: Sendable {
  /// Folders of library code, such as the standard library and site-packages. Each ends in `/`.
  public var foreignFolders: [String]
  /// Files, and folders ending in `/`, that are user code although they are in a library folder:
  /// the program itself.
  public var ownFiles: [String]
  /// Prefixes of the paths of files that are never traced, whatever the other rules select.
  public var hidden: [String]
  /// Globs on files to trace, library code or not. If there are any, only matching files are
  /// traced.
  public var include: [Glob]
  /// Globs on files to exclude.
  public var exclude: [Glob]
  /// Globs on qualified names. If there are any, only matching functions are traced.
  public var functions: [Glob]
  /// Whether library code and frozen modules are traced too.
  public var includesForeign: Bool

  /// A filter that accepts all code.
  public init() {
    foreignFolders = []
    ownFiles = []
    hidden = []
    include = []
    exclude = []
    functions = []
    includesForeign = true
  }

  /// Whether the filter accepts all code.
  package var acceptsAll: Bool {
    includesForeign && hidden.isEmpty && include.isEmpty && exclude.isEmpty && functions.isEmpty
  }

  /// Whether the function is traced.
  ///
  /// Code that comes from a string (`<string>`) has no file; it belongs to its maker: see
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
    return selects(file)
  }

  /// Whether code of a file is traced, whatever its name is.
  func acceptsFile(_ file: String) -> Bool {
    !hidden.contains(where: file.hasPrefix) && !exclude.contains { $0.matches(path: file.utf8) }
      && selects(file)
  }

  private func selects(_ file: String) -> Bool {
    if !include.isEmpty { return include.contains { $0.matches(path: file.utf8) } }
    return includesForeign || isOwn(file)
  }

  func isOwn(_ file: String) -> Bool {
    if ownFiles.contains(where: { $0.hasSuffix("/") ? file.hasPrefix($0) : file == $0 }) {
      return true
    }
    if file.hasPrefix("<frozen ") { return false }
    return !foreignFolders.contains(where: file.hasPrefix)
  }
}
