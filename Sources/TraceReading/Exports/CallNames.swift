import TraceFormat

/// What is written of each function of one file, and of each function written in C: made when it is
/// first met, and then only copied.
struct CallNames {
  private var functions: [[UInt8]] = []
  private var builtins: [[UInt8]] = []
  private var file = -1
  private let makeFunction: (TraceFile, FunctionDefinition) -> [UInt8]
  private let makeBuiltin: ([UInt8]) -> [UInt8]

  /// - Parameters:
  ///   - function: makes the text of a function.
  ///   - builtin: makes that of a function written in C, of its name.
  init(
    function: @escaping (TraceFile, FunctionDefinition) -> [UInt8],
    builtin: @escaping ([UInt8]) -> [UInt8]
  ) {
    makeFunction = function
    makeBuiltin = builtin
  }

  /// The text of a call's function.
  @inline(__always)
  mutating func text(of call: RunningCall, in thread: WalkedThread) -> [UInt8] {
    let number = Int(call.function)
    if thread.fileIndex == file, number > 0, number < functions.count {
      let text = functions[number]
      if !text.isEmpty { return text }
    }
    return added(call, thread)
  }

  @inline(never)
  private mutating func added(_ call: RunningCall, _ thread: WalkedThread) -> [UInt8] {
    if thread.fileIndex != file { (functions, builtins, file) = ([], [], thread.fileIndex) }
    if call.builtin != 0 {
      let make = makeBuiltin
      return Self.text(Int(call.builtin), in: &builtins) {
        make(thread.file.builtin(call.builtin) ?? Array("?".utf8))
      }
    }
    let make = makeFunction
    return Self.text(Int(call.function), in: &functions) {
      make(thread.file, thread.file.function(call.function) ?? .unknown)
    }
  }

  private static func text(_ number: Int, in table: inout [[UInt8]], make: () -> [UInt8])
    -> [UInt8]
  {
    // A damaged file may name any number of a function written in C.
    guard number < 1 << 24 else { return make() }
    let missing = number + 1 - table.count
    if missing > 0 { table += [[UInt8]](repeating: [], count: missing) }
    if table[number].isEmpty { table[number] = make() }
    return table[number]
  }
}
