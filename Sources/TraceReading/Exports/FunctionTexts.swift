import TraceFormat

/// What is written of each function: made when it is first met, and then only copied.
struct FunctionTexts {
  /// By file and number; empty where it has not been made.
  private var known: [[[UInt8]]] = []
  private let make: (TraceFile, FunctionDefinition) -> [UInt8]

  /// - Parameter make: makes the text of a function; it must not be empty.
  init(_ make: @escaping (TraceFile, FunctionDefinition) -> [UInt8]) { self.make = make }

  /// The text of a function.
  @inline(__always)
  mutating func text(of function: UInt32, file index: Int, in reader: TraceReader) -> [UInt8] {
    if index < known.count, Int(function) < known[index].count {
      let text = known[index][Int(function)]
      if !text.isEmpty { return text }
    }
    return added(function, index, reader)
  }

  @inline(never)
  private mutating func added(_ function: UInt32, _ index: Int, _ reader: TraceReader) -> [UInt8] {
    let file = reader.files[index]
    guard let definition = file.function(function) else { return make(file, .unknown) }
    while known.count <= index { known.append([]) }
    let missing = Int(function) + 1 - known[index].count
    if missing > 0 { known[index] += [[UInt8]](repeating: [], count: missing) }
    known[index][Int(function)] = make(file, definition)
    return known[index][Int(function)]
  }
}

extension FunctionDefinition {
  /// Stands for a function whose definition is lost.
  static let unknown = FunctionDefinition(
    number: 0, file: 0, firstLine: 0, callLine: 0, flags: 0, name: [0x3F], qualifiedName: [0x3F],
    parameters: [])
}
