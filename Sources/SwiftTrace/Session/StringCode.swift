/// Finds the owner of code that comes from a string and therefore has no file. The rules are in
/// docs/design.md.
enum StringCode {
  /// Placeholder for an unknown maker that is not user code.
  static let unknownMaker = "<unknown>"

  /// Whether a `co_filename` belongs to code without a file.
  static func hasNoFile(_ file: String) -> Bool {
    file.hasPrefix("<") && !file.hasPrefix("<frozen ")
  }

  /// Returns the file of the code that made a function; empty if that is the program itself,
  /// `unknownMaker` if it is not known.
  ///
  /// - Parameter hidden: prefixes of swifttrace's own files, which run the user's texts too.
  static func maker(
    of function: borrowing Function, in frame: borrowing Frame, hidden: [String]
  ) -> String {
    if let known = function.maker { return known }
    // `exec` and `eval` run code of this name, so the frame below belongs to their caller.
    guard function.name == "<module>" else {
      // `dataclasses` runs its code in the globals of the user's module.
      return function.qualifiedName.hasPrefix("__create_fn__.")
        ? unknownMaker : byGlobals(of: frame)
    }
    let maker = maker(ofModuleIn: frame, hidden)
    function.setMaker(maker, running: frame)
    return maker
  }

  private static func maker(ofModuleIn frame: borrowing Frame, _ hidden: [String]) -> String {
    switch frame.back {
    case .none: return ""  // The program of the command line, or the host's own.
    case .some(let caller):
      let file = caller.file
      if hasNoFile(file) { return caller.maker ?? byGlobals(of: caller) }
      return runsTextOfTheUser(file) || hidden.contains(where: file.hasPrefix)
        ? byGlobals(of: frame) : file
    }
  }

  /// Returns the owner according to the globals in which the code runs.
  private static func byGlobals(of frame: borrowing Frame) -> String {
    let file = frame.moduleFile
    if !file.isEmpty, !hasNoFile(file) { return file }
    return frame.runsInMain ? "" : unknownMaker
  }

  /// Whether a file belongs to a tool that runs texts of the user in the user's globals. Such a
  /// text is not library code.
  static func runsTextOfTheUser(_ file: String) -> Bool {
    if file.hasPrefix("<frozen ") { return true }  // importlib, runpy, zipimport.
    let parts = file.split(separator: "/")
    let pairs = zip(parts, parts.dropFirst().dropLast())
    if pairs.contains(where: { $0 == "site-packages" && packages.contains(String($1)) }) {
      return true
    }
    guard let slash = file.lastIndex(of: "/") else { return false }
    let folder = StandardIgnore.baseName(of: String(file[..<slash]))
    let name = file[file.index(after: slash)...]
    return folder.hasPrefix("python3") && modules.contains(String(name))
      || folder == "asyncio" && name == "__main__.py"
  }

  // Not found by searching a path for a string: `contains` of a string would link Swift's regular
  // expressions into the extension, 1.6 MB.
  private static let packages: Set<String> = ["IPython", "ipykernel", "marimo", "xdoctest"]
  private static let modules: Set<String> = [
    "bdb.py", "cProfile.py", "code.py", "doctest.py", "pdb.py", "profile.py", "runpy.py",
    "timeit.py", "trace.py",
  ]
}
