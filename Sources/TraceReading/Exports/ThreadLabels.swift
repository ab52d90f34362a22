import TraceFormat

/// The names of processes and threads in exports.
enum ThreadLabels {
  /// The process's command line.
  static func process(_ file: TraceFile) -> [UInt8] {
    let words = file.header.arguments
    return Array((words.isEmpty ? "python" : words.joined(separator: " ")).utf8)
  }

  /// A thread's name; its number where it has none.
  static func thread(_ thread: WalkedThread) -> [UInt8] {
    let name = thread.file.threads[thread.number]?.name ?? []
    return name.isEmpty ? Array("thread \(thread.number)".utf8) : valid(utf8: name)
  }

  /// A name that no other thread of the recording has: with the process's number where there are
  /// several processes, and the thread's where two threads of the process have the name.
  static func distinct(_ thread: WalkedThread, in reader: TraceReader) -> [UInt8] {
    let name = Self.thread(thread)
    let twins =
      thread.file.threadNumbering.names[thread.file.threads[thread.number]?.name ?? []] ?? 0
    let process =
      reader.files.count > 1 ? Array("process \(thread.file.header.processID) ".utf8) : []
    return process + name + (twins > 1 ? Array(" #\(thread.number)".utf8) : [])
  }

  /// A task's name: that of its outermost function, and its number in the thread.
  static func task(_ call: RunningCall, _ thread: WalkedThread) -> [UInt8] {
    task(call.task, of: thread.file.function(call.function) ?? .unknown)
  }

  /// The name of a task by its number and its outermost function.
  static func task(_ number: UInt32, of function: FunctionDefinition) -> [UInt8] {
    function.qualifiedName + Array(" [task \(number)]".utf8)
  }

  /// The label of the task, or the greenlet, that a stack's innermost function belongs to.
  static func lane(_ stack: CallStack, _ thread: WalkedThread) -> [UInt8] {
    stack.top.task != 0
      ? task(stack.top, thread) : Array("greenlet \(stack.number)".utf8)
  }

  /// The number that the system knows the thread by. The system gives numbers again, so of the
  /// threads of a process that have the same one only the first keeps it.
  static func number(_ thread: WalkedThread) -> UInt64 {
    let threads = thread.file.threads
    let number = threads[thread.number]?.nativeID ?? 0
    let isTaken =
      thread.file.threadNumbering.natives[number, default: thread.number] < thread.number
    return number == 0 || isTaken ? firstFree + UInt64(thread.number) : number
  }

  /// Linux numbers no thread so high: numbers for what the system has none for.
  static let firstFree: UInt64 = 1 << 22
}

/// Names and numbers that distinguish the threads of a file.
struct ThreadNumbering {
  /// How many threads have a name.
  private(set) var names: [[UInt8]: Int] = [:]
  /// The first thread that has a number of the system's.
  private(set) var natives: [UInt64: Int] = [:]

  init(_ threads: [Int: ThreadCell]) {
    for (number, cell) in threads {
      names[cell.name, default: 0] += 1
      natives[cell.nativeID] = min(number, natives[cell.nativeID] ?? number)
    }
  }
}

extension TraceReader {
  /// Nanoseconds since the recording's start.
  @inline(__always)
  func sinceStart(_ time: UInt64) -> UInt64 { time &- min(time, start) }
}
