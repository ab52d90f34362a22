/// The code that a session's filter has rejected, as long as it has accepted none: for a message
/// that names code that would match.
package struct FilterOutcome {
  /// Distinct names in the order in which they were met.
  private struct Names {
    private(set) var all: [String] = []
    private var known: Set<String> = []
    /// Number of names that are kept. Later ones are not counted.
    private static let most = 4096

    mutating func add(_ name: String) {
      guard all.count < Self.most, known.insert(name).inserted else { return }
      all.append(name)
    }
  }

  /// Number of names in a message.
  static let shown = 5

  /// Whether the filter has accepted a function.
  private var hasMatch = false
  /// Files of the user's code that ran.
  private var own = Names()
  /// Files of libraries that ran.
  private var foreign = Names()
  /// Functions that ran and that only the globs on functions reject.
  private var functions = Names()

  /// No decisions.
  package init() {}

  /// Takes a decision of the filter.
  package mutating func note(
    _ isTraced: Bool, _ function: borrowing Function, by filter: borrowing CodeFilter
  ) {
    if hasMatch { return }
    if isTraced {
      self = FilterOutcome()
      hasMatch = true
      return
    }
    let file = function.file
    // Code from a string has no file that one could name, unless it is the program.
    let isNamed = !StringCode.hasNoFile(file) || filter.ownFiles.contains(file)
    guard isNamed, !filter.hidden.contains(where: file.hasPrefix) else { return }
    if filter.isOwn(file) { own.add(file) } else { foreign.add(file) }
    if filter.acceptsFile(file) { functions.add(function.qualifiedName) }
  }

  /// Returns a message if the filter has rejected all code; nil if it has accepted some, or no code
  /// ran.
  ///
  /// - Parameter folder: the current folder, ending in a separator, from which files are named.
  package func message(_ filter: CodeFilter, folder: String) -> String? {
    guard !hasMatch, own.all.count + foreign.all.count > 0 else { return nil }
    let files = own.all.isEmpty ? foreign : own
    let wanted = filter.include + filter.exclude
    let ran = "files that ran: \(list(files, like: wanted, without: folder))"
    if !functions.all.isEmpty {
      return "nothing matched \(options("--function", filter.functions)); functions that ran: "
        + list(functions, like: filter.functions, without: "")
    }
    if !filter.include.isEmpty {
      return "nothing matched \(options("--include", filter.include)); \(ran)"
    }
    if !own.all.isEmpty, !filter.exclude.isEmpty {
      return "nothing is left by \(options("--exclude", filter.exclude)); \(ran)"
    }
    return "nothing matched: only code of libraries ran; --all traces it, --include a part of it; "
      + ran
  }

  private func options(_ name: String, _ globs: [Glob]) -> String {
    globs.map { "\(name) '\($0.text)'" }.joined(separator: " ")
  }

  /// Returns the names that are most similar to a glob, or else the first ones.
  private func list(_ names: Names, like globs: [Glob], without folder: String) -> String {
    let wanted = globs.map { Array($0.text.utf8.filter { !"*?[]!".utf8.contains($0) }) }
    let ranked = names.all.enumerated().map { place, name in
      let text = Array(name.utf8.suffix(Self.compared))
      return (
        distance: wanted.map { Self.distance($0, text) }.min() ?? 0, place: place, name: name
      )
    }
    let isSimilar = { (distance: Int) in distance <= Self.mostDifferent }
    let shown = ranked.sorted { one, other in
      let (first, second) = (isSimilar(one.distance), isSimilar(other.distance))
      if first != second { return first }
      return first && one.distance != other.distance
        ? one.distance < other.distance : one.place < other.place
    }.prefix(Self.shown).map { entry in
      !folder.isEmpty && entry.name.hasPrefix(folder)
        ? String(entry.name.dropFirst(folder.count)) : entry.name
    }
    let more = names.all.count - shown.count
    return shown.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
  }

  /// Number of bytes at the end of a name that are compared.
  private static let compared = 64
  /// Number of changes up to which a name is similar.
  private static let mostDifferent = 2

  /// Returns the number of bytes to insert, remove or replace that make one text the other.
  private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
    guard abs(one.count - other.count) <= mostDifferent else { return .max }
    var row = Array(0...other.count)
    for (place, byte) in one.enumerated() {
      var diagonal = row[0]
      row[0] = place + 1
      for (index, another) in other.enumerated() {
        let replaced = diagonal + (byte == another ? 0 : 1)
        diagonal = row[index + 1]
        row[index + 1] = min(replaced, diagonal + 1, row[index] + 1)
      }
    }
    return row[other.count]
  }
}
