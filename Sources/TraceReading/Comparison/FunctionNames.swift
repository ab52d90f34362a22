/// Gives the functions of two recordings numbers that are the same for the same function: the one of
/// a qualified name in a file of a name. Where the file lies does not matter.
struct FunctionNames {
  private struct Key: Hashable {
    let name: [UInt8]
    let file: [UInt8]
  }

  private var known: [Key: UInt32] = [:]

  /// The numbers of a file's functions, by their numbers in the file.
  mutating func numbers(of file: TraceFile) -> [UInt32] {
    file.functions.map { function in
      guard let function else { return 0 }
      let path = file.source(of: function)
      let start = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
      return number(Key(name: function.qualifiedName, file: Array(path[start...])))
    }
  }

  /// The numbers of functions written in C.
  mutating func builtinNumbers(of file: TraceFile) -> [UInt32] {
    file.builtins.map { name in
      guard let name else { return 0 }
      return number(Key(name: name, file: []))
    }
  }

  private mutating func number(_ key: Key) -> UInt32 {
    if let number = known[key] { return number }
    known[key] = UInt32(known.count + 1)
    return UInt32(known.count)
  }
}
