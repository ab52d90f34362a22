import TraceFormat

/// Counts and times of a recording's functions and lines.
public struct Statistics: CallVisitor, Sendable {
  /// Counts and times of one file, or of one thread of it.
  public struct Group: Sendable {
    /// Index of the file among the reader's files.
    public let file: Int
    /// Number of the thread; nil for all threads.
    public let thread: Int?
    /// Numbers of the functions that were called, in ascending order.
    public internal(set) var functionNumbers: [UInt32] = []
    /// Counts and times of these functions, in the order of `functionNumbers`.
    public internal(set) var functions: [FunctionStatistics] = []
    /// Lines of these functions, in the order of `functionNumbers`, each from the function's first
    /// line on; empty if lines are not counted.
    public internal(set) var lines: [[LineStatistics]] = []
    /// Numbers of the C functions that were called, in ascending order.
    public internal(set) var cFunctionNumbers: [UInt32] = []
    /// Counts and times of the C functions, in the order of `cFunctionNumbers`.
    public internal(set) var builtins: [FunctionStatistics] = []
    /// Nanoseconds in code that these functions called and that was not recorded, as far as known:
    /// the time around calls that such code made.
    public internal(set) var notRecorded: UInt64 = 0
    /// Nanoseconds between the first and the last event, summed over the threads.
    public internal(set) var duration: UInt64 = 0
    /// Number of events, by the raw value of their kind.
    public internal(set) var events: [UInt64] = Array(repeating: 0, count: 16)

    /// Returns the counts and times of a function; all zero if it was not called.
    ///
    /// - Parameter number: the function's number in its file.
    public subscript(number: UInt32) -> FunctionStatistics {
      functionNumbers.firstIndex(of: number).map { functions[$0] } ?? FunctionStatistics()
    }
  }

  /// One group for each file, or for each thread.
  public private(set) var groups: [Group] = []
  /// The group that is being counted.
  private var now = Group(file: -1, thread: nil)
  private var functions = SparseCounts()
  private var builtins = SparseCounts()
  /// Lines of the group's functions, by the functions' numbers.
  private var lines: [[LineStatistics]] = []
  /// First lines of the functions of a file, by number, and the index of that file.
  private var firstLines: [Int32] = []
  private var linesFile = -1
  private let byThread: Bool
  private let countsLines: Bool
  private var firstTime: UInt64 = 0
  private var lastTime: UInt64 = 0

  /// Maximum number of lines of one function, and of all functions of a group together. A damaged
  /// file may contain any line number.
  private static let mostLines = 1 << 17
  private static let mostLinesTogether = 1 << 21
  private var linesTogether = 0

  /// Creates empty statistics.
  ///
  /// - Parameters:
  ///   - byThread: whether to count each thread separately, instead of each process.
  ///   - lines: whether to count lines too.
  public init(byThread: Bool = false, lines: Bool = false) {
    self.byThread = byThread
    countsLines = lines
  }

  /// Counts the calls of a recording's selected threads.
  ///
  /// - Parameters:
  ///   - reader: the recording.
  ///   - selection: the threads to count (default: all).
  ///   - byThread: whether to count each thread separately, instead of each process.
  ///   - lines: whether to count lines too.
  ///   - progress: called now and then with the number of events read so far; returns false to
  ///     stop.
  /// - Returns: the statistics; those up to that point if `progress` stopped the reading.
  public static func of(
    _ reader: TraceReader, _ selection: ThreadSelection = ThreadSelection(), byThread: Bool = false,
    lines: Bool = false, progress: (UInt64) throws -> Bool
  ) rethrows -> Statistics {
    var result = Statistics(byThread: byThread, lines: lines)
    _ = try reader.walkCalls(selection, &result, progress: progress)
    result.finish()
    return result
  }

  /// Adds the current group to `groups`.
  mutating func finish() {
    if now.file >= 0 {
      (now.functionNumbers, now.functions) = functions.take()
      (now.cFunctionNumbers, now.builtins) = builtins.take()
      if countsLines {
        now.lines = now.functionNumbers.map { number in
          defer { lines[Int(number)] = [] }
          return lines[Int(number)]
        }
      }
      groups.append(now)
    }
    now = Group(file: -1, thread: nil)
  }

  public mutating func begin(_ thread: WalkedThread) {
    if byThread || now.file != thread.fileIndex {
      finish()
      now = Group(file: thread.fileIndex, thread: byThread ? thread.number : nil)
      grow(thread)
      builtins.grow(to: thread.file.builtins.count + 1)
      linesTogether = 0
    }
    (firstTime, lastTime) = (0, 0)
  }

  public mutating func end(_ thread: WalkedThread) { now.duration &+= lastTime &- firstTime }

  @inline(__always)
  private mutating func note(_ event: DecodedEvent) {
    now.events[Int(event.kind.rawValue)] &+= 1
    if firstTime == 0 { firstTime = event.mark.time }
    lastTime = event.mark.time
  }

  public mutating func enter(
    _ event: DecodedEvent, _ stack: inout CallStack, _ thread: WalkedThread
  ) {
    let call = stack.top
    if call.isWhole { note(event) }
    if call.cFunction != 0 {
      grow(cFunction: Int(call.cFunction))
      let place = place(ofCFunction: call.cFunction)
      builtins.note(place)
      builtins[place].calls &+= 1
      return
    }
    // A running program may have defined the function since.
    if Int(call.function) >= firstLines.count { grow(thread) }
    functions.note(Int(call.function))
    if event.kind == .call { functions[Int(call.function)].calls &+= 1 }
    if !call.isWhole { functions[Int(call.function)].withoutStart &+= 1 }
  }

  public mutating func leave(
    _ end: CallEnd, at time: UInt64, _ event: DecodedEvent?, _ stack: inout CallStack,
    _ thread: WalkedThread
  ) {
    if let event { note(event) }
    let call = stack.top
    let times = stack.times(at: time)
    if call.cFunction != 0 {
      let place = place(ofCFunction: call.cFunction)
      builtins[place].total &+= times.total
      builtins[place].own &+= times.own
      if end == .unwound { builtins[place].raised &+= 1 }
      return
    }
    let place = Int(call.function)
    functions[place].own &+= times.own
    now.notRecorded &+= call.notRecorded
    if end == .lost { functions[place].withoutEnd &+= 1 }
    if !call.isRecursive { functions[place].total &+= times.total }
    if end == .unwound {
      switch call.exception {
      case .arrived, .arriving: functions[place].passed &+= 1
      case .none, .raised:
        // If exceptions are not recorded, the unwind event is the only sign of one.
        if now.events[Int(EventKind.exception.rawValue)] == 0 {
          functions[place].raised &+= 1
        }
      }
    }
    if countsLines { leaveLine(stack, at: time) }
  }

  public mutating func line(
    _ event: DecodedEvent, _ stack: inout CallStack, _ thread: WalkedThread
  ) {
    note(event)
    guard countsLines else { return }
    leaveLine(stack, at: event.mark.time)
    let function = Int(stack.top.function)
    guard let place = place(of: event.mark.line, in: function) else { return }
    lines[function][place].hits &+= 1
  }

  @inline(__always)
  private mutating func leaveLine(_ stack: borrowing CallStack, at time: UInt64) {
    guard let times = stack.lineTimes(at: time),
      let place = place(of: stack.top.line, in: Int(stack.top.function))
    else { return }
    // In recursion, the line of the outermost call includes that time already.
    if !stack.top.isRecursive {
      lines[Int(stack.top.function)][place].total &+= times.total
    }
    lines[Int(stack.top.function)][place].own &+= times.own
  }

  /// Returns the index of a line in the function's lines, or nil if it is out of bounds.
  @inline(__always)
  private mutating func place(of line: Int32, in function: Int) -> Int? {
    let place = Int(line) - Int(firstLines[function])
    if place >= 0, place < lines[function].count { return place }
    guard place >= 0, place < Self.mostLines else { return nil }
    let more = place + 8 - lines[function].count
    guard linesTogether + more <= Self.mostLinesTogether else { return nil }
    linesTogether += more
    lines[function].append(contentsOf: repeatElement(LineStatistics(), count: more))
    return place
  }

  public mutating func exception(
    _ event: DecodedEvent, isRaised: Bool, _ stack: inout CallStack, _ thread: WalkedThread
  ) {
    note(event)
    if isRaised { functions[Int(stack.top.function)].raised &+= 1 }
  }

  public mutating func opcode(
    _ event: DecodedEvent, _ stack: inout CallStack, _ thread: WalkedThread
  ) {
    note(event)
  }

  private mutating func grow(_ thread: WalkedThread) {
    let count = thread.file.functions.count
    functions.grow(to: count)
    if countsLines, count > lines.count {
      lines.append(contentsOf: repeatElement([], count: count - lines.count))
    }
    guard linesFile != thread.fileIndex || firstLines.count != count else { return }
    linesFile = thread.fileIndex
    firstLines = thread.file.functions.map { $0?.firstLine ?? 0 }
  }

  private func place(ofCFunction number: UInt32) -> Int {
    Int(number) < builtins.count ? Int(number) : 0
  }

  private mutating func grow(cFunction place: Int) {
    // A damaged file may contain any number. Numbers beyond the limit share the entry of number 0.
    if place < 1 << 20 { builtins.grow(to: place + 1) }
  }
}
