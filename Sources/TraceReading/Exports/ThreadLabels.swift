import TraceFormat

/// The names of processes and threads in exports.
enum ThreadLabels {
  /// Returns the process's command line.
  static func process(_ file: TraceFile) -> [UInt8] {
    let words = file.header.arguments
    return Array((words.isEmpty ? "python" : words.joined(separator: " ")).utf8)
  }

  /// Returns a thread's name, or its number if it has no name.
  static func thread(_ thread: WalkedThread) -> [UInt8] {
    let name = thread.file.threads[thread.number]?.name ?? []
    return name.isEmpty ? Array("thread \(thread.number)".utf8) : valid(utf8: name)
  }

  /// Returns a name that is unique in the recording: includes the process's ID if there are several
  /// processes, and the thread's number if two threads of the process have the same name.
  static func distinct(_ thread: WalkedThread, in reader: TraceReader) -> [UInt8] {
    let name = Self.thread(thread)
    let twins =
      thread.file.threadNumbering.names[thread.file.threads[thread.number]?.name ?? []] ?? 0
    let process =
      reader.files.count > 1 ? Array("process \(thread.file.header.processID) ".utf8) : []
    return process + name + (twins > 1 ? Array(" #\(thread.number)".utf8) : [])
  }

  /// Returns a task's name: that of its outermost function, with the task's number in the thread.
  static func task(_ call: RunningCall, _ thread: WalkedThread) -> [UInt8] {
    task(call.task, of: thread.file.function(call.function) ?? .unknown)
  }

  /// Returns a task's name from its number and its outermost function.
  static func task(_ number: UInt32, of function: FunctionDefinition) -> [UInt8] {
    function.qualifiedName + Array(" [task \(number)]".utf8)
  }

  /// Returns the name of the task or greenlet of a stack's innermost function.
  static func lane(_ stack: CallStack, _ thread: WalkedThread) -> [UInt8] {
    stack.top.task != 0
      ? task(stack.top, thread) : Array("greenlet \(stack.number)".utf8)
  }

  /// Returns the system's number of the thread. The system reuses numbers, so if several threads of
  /// a process have the same one, only the first keeps it.
  static func number(_ thread: WalkedThread) -> UInt64 {
    let threads = thread.file.threads
    let number = threads[thread.number]?.nativeID ?? 0
    let isTaken =
      thread.file.threadNumbering.natives[number, default: thread.number] < thread.number
    return number == 0 || isTaken ? firstFree + UInt64(thread.number) : number
  }

  /// First number for threads without a number of the system. Linux does not use numbers this high.
  static let firstFree: UInt64 = 1 << 22
}

/// Counts and numbers that distinguish the threads of a file.
struct ThreadNumbering {
  /// Number of threads with each name.
  private(set) var names: [[UInt8]: Int] = [:]
  /// First thread with each of the system's numbers.
  private(set) var natives: [UInt64: Int] = [:]

  init(_ threads: [Int: ThreadCell]) {
    for (number, cell) in threads {
      names[cell.name, default: 0] += 1
      natives[cell.nativeID] = min(number, natives[cell.nativeID] ?? number)
    }
  }
}

extension TraceReader {
  /// Returns the nanoseconds since the recording's start; 0 for earlier times.
  @inline(__always)
  func sinceStart(_ time: UInt64) -> UInt64 { time &- min(time, start) }
}
