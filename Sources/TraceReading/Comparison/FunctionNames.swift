/// Assigns numbers to the functions of two recordings. Functions have the same number if their
/// qualified names and the names of their files are equal, whatever the files' folders.
struct FunctionNames {
  private struct Key: Hashable {
    let name: [UInt8]
    /// Number of the file's name, because a name may be long and have many functions; 0 for none.
    let file: Int
  }

  private var known: [Key: UInt32] = [:]
  private var files: [[UInt8]: Int] = [:]

  /// Returns the assigned numbers of a file's functions, by their numbers in the file.
  mutating func numbers(of file: TraceFile) -> [UInt32] {
    let sources = file.sources.map { number(ofFile: $0 ?? []) }
    return file.functions.map { function in
      guard let function else { return 0 }
      let source = Int(function.file) < sources.count ? sources[Int(function.file)] : sources[0]
      return number(Key(name: function.qualifiedName, file: source))
    }
  }

  /// Returns the assigned numbers of a file's C functions, by their numbers in the file.
  mutating func cFunctionNumbers(of file: TraceFile) -> [UInt32] {
    file.builtins.map { name in
      guard let name else { return 0 }
      return number(Key(name: name, file: 0))
    }
  }

  private mutating func number(ofFile path: [UInt8]) -> Int {
    let start = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
    let name = Array(path[start...])
    if let number = files[name] { return number }
    files[name] = files.count + 1
    return files.count
  }

  private mutating func number(_ key: Key) -> UInt32 {
    if let number = known[key] { return number }
    known[key] = UInt32(known.count + 1)
    return UInt32(known.count)
  }
}

/// The assigned numbers of the functions of two files.
struct FileNumbers {
  private let functions: ([UInt32], [UInt32])
  private let builtins: ([UInt32], [UInt32])

  /// - Parameter names: the numbers that were assigned so far.
  init(_ one: TraceFile?, _ other: TraceFile?, _ names: inout FunctionNames) {
    functions = (one.map { names.numbers(of: $0) } ?? [], other.map { names.numbers(of: $0) } ?? [])
    builtins = (
      one.map { names.cFunctionNumbers(of: $0) } ?? [],
      other.map { names.cFunctionNumbers(of: $0) } ?? []
    )
  }

  /// Whether a function of the first file and one of the second are the same.
  @inline(__always)
  func areSame(_ one: UInt32, _ other: UInt32) -> Bool {
    Self.number(functions.0, one) == Self.number(functions.1, other)
  }

  /// Whether a C function of the first file and one of the second are the same.
  func areSame(cFunction one: UInt32, _ other: UInt32) -> Bool {
    Self.number(builtins.0, one) == Self.number(builtins.1, other)
  }

  @inline(__always)
  private static func number(_ numbers: borrowing [UInt32], _ place: UInt32) -> UInt32 {
    Int(place) < numbers.count ? numbers[Int(place)] : 0
  }
}
