import TraceFormat

/// The names that events have by a number: each text once, and where it is for each function.
///
/// They stay the same for all batches of a table, as consumers expect that keep a dictionary.
struct EventNames {
  /// Where a function's names are; -1 where they are lost.
  struct Place {
    var name: Int32 = -1
    var source: Int32 = -1
  }

  /// For each file, by the functions' numbers.
  private(set) var functions: [[Place]] = []
  private var cFunctionPlaces: [[Int32]] = []
  let kinds = ArrowColumn(texts: EventKind.allCases.map { Array($0.word.utf8) })
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

  /// Where the name of a function written in C is; nil where it is lost.
  func cFunction(_ number: UInt32, file: Int) -> Int32? {
    let places = cFunctionPlaces[file]
    guard Int(number) < places.count, places[Int(number)] >= 0 else { return nil }
    return places[Int(number)]
  }
}

/// Texts, each once.
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

extension EventKind {
  /// The word by which tables, and Python, know it.
  var word: String {
    switch self {
    case .call: "call"
    case .resume: "resume"
    case .line: "line"
    case .return: "return"
    case .yield: "yield"
    case .await: "await"
    case .unwind: "unwind"
    case .exception: "exception"
    case .opcode: "opcode"
    case .cCall: "c_call"
    case .cReturn: "c_return"
    case .cException: "c_exception"
    }
  }
}
