import TraceFormat

/// Selects the functions of a view by their qualified names, and caches the decision for each.
struct FunctionChoice {
  private let matches: (_ qualifiedName: [UInt8]) -> Bool
  /// Decisions by file and function number: 0 for undecided, 1 for no, 2 for yes.
  private var functions: [[UInt8]] = []
  private var builtins: [[UInt8]] = []

  init(_ matches: @escaping (_ qualifiedName: [UInt8]) -> Bool) { self.matches = matches }

  @inline(__always)
  mutating func includes(_ call: RunningCall, _ thread: WalkedThread) -> Bool {
    let (file, place) = (thread.fileIndex, Int(call.function))
    if call.cFunction == 0, file < functions.count, place < functions[file].count,
      functions[file][place] != 0
    {
      return functions[file][place] == 2
    }
    return decide(call, thread)
  }

  @inline(never)
  private mutating func decide(_ call: RunningCall, _ thread: WalkedThread) -> Bool {
    let file = thread.fileIndex
    if call.cFunction != 0 { return thread.file.cFunction(call.cFunction).map(matches) ?? false }
    while functions.count <= file { functions.append([]) }
    let place = Int(call.function)
    if functions[file].count <= place {
      functions[file].append(
        contentsOf: repeatElement(0, count: place + 1 - functions[file].count))
    }
    let result = thread.file.function(call.function).map { matches($0.qualifiedName) } ?? false
    functions[file][place] = result ? 2 : 1
    return result
  }
}
