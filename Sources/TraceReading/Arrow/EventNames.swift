import TraceFormat

/// The texts of the events table that events refer to by index, each stored once.
///
/// They are equal in all batches of a table, because some consumers keep the first dictionary.
struct EventNames {
  /// Indices of the texts of a function; -1 if its definition is lost.
  struct Place {
    var name: Int32 = -1
    var source: Int32 = -1
  }

  /// Indices of the texts of each file's functions, by the functions' numbers.
  private(set) var functions: [[Place]] = []
  private var cFunctionPlaces: [[Int32]] = []
  let kinds = ArrowColumn(texts: EventKind.allCases.map { Array("\($0.name)".utf8) })
  let names: ArrowColumn
  let sources: ArrowColumn
  let builtins: ArrowColumn

  init(_ files: [TraceFile]) {
    var (names, sources, builtins) = (TextSet(), TextSet(), TextSet())
    for file in files {
      functions.append(
        file.functions.map { function in
          guard let function else { return Place() }
          return Place(
            name: names.place(of: function.qualifiedName),
            source: sources.place(of: file.source(of: function)))
        })
      cFunctionPlaces.append(file.builtins.map { $0.map { builtins.place(of: $0) } ?? -1 })
    }
    self.names = ArrowColumn(texts: names.texts)
    self.sources = ArrowColumn(texts: sources.texts)
    self.builtins = ArrowColumn(texts: builtins.texts)
  }

  /// Returns the index of a C function's name, or nil if it is lost.
  func cFunction(_ number: UInt32, file: Int) -> Int32? {
    let places = cFunctionPlaces[file]
    guard Int(number) < places.count, places[Int(number)] >= 0 else { return nil }
    return places[Int(number)]
  }
}

/// A list of distinct texts.
private struct TextSet {
  private(set) var texts: [[UInt8]] = []
  private var places: [[UInt8]: Int32] = [:]

  mutating func place(of text: [UInt8]) -> Int32 {
    if let place = places[text] { return place }
    let place = Int32(texts.count)
    texts.append(text)
    places[text] = place
    return place
  }
}
