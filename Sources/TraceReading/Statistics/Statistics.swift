import TraceFormat

/// Counts and times of a recording's functions and lines.
public struct Statistics: CallVisitor, Sendable {
  /// What the functions of one file, or of one thread of it, have.
  public struct Group: Sendable {
    /// Which of the reader's files.
    public let file: Int
    /// The thread's number; nil for all.
    public let thread: Int?
    /// Numbers of the functions that were called, in ascending order.
    public internal(set) var functionNumbers: [UInt32] = []
    /// Counts and times of these functions, in their order.
    public internal(set) var functions: [FunctionStatistics] = []
    /// Lines of these functions, in their order, each from the function's first on; empty if lines
    /// are not counted.
    public internal(set) var lines: [[LineStatistics]] = []
    /// Numbers of the functions written in C that were called, in ascending order.
    public internal(set) var cFunctionNumbers: [UInt32] = []
    /// Counts and times of these, in their order.
    public internal(set) var builtins: [FunctionStatistics] = []
    /// Nanoseconds in code that these functions called and that was not recorded, as far as that is
    /// known: those around calls that came from such code.
    public internal(set) var notRecorded: UInt64 = 0
    /// Nanoseconds between the first event and the last, of all its threads together.
    public internal(set) var duration: UInt64 = 0
    /// Events, by the raw value of their kind.
    public internal(set) var events: [UInt64] = Array(repeating: 0, count: 16)

    /// Counts and times of a function; all zero if it was not called.
    ///
    /// - Parameter number: the function's number in its file.
    public subscript(number: UInt32) -> FunctionStatistics {
      functionNumbers.firstIndex(of: number).map { functions[$0] } ?? FunctionStatistics()
    }
  }

  /// For each file, or each thread.
  public private(set) var groups: [Group] = []
  /// What is being counted.
  private var now = Group(file: -1, thread: nil)
  private var functions = SparseCounts()
  private var builtins = SparseCounts()
  /// By the functions' numbers.
  private var lines: [[LineStatistics]] = []
  /// The first lines of the functions of a file, and which file that is.
  private var firstLines: [Int32] = []
  private var linesFile = -1
  private let byThread: Bool
  private let countsLines: Bool
  private var firstTime: UInt64 = 0
  private var lastTime: UInt64 = 0

  /// Lines that a function may have, and those of a thread's or process's functions together: a
  /// damaged file may say any.
  private static let mostLines = 1 << 17
  private static let mostLinesTogether = 1 << 21
  private var linesTogether = 0

  /// Counts nothing yet.
  ///
  /// - Parameters:
  ///   - byThread: whether each thread is counted for itself, and not with the others of its
  ///     process.
  ///   - lines: whether lines are counted too.
  public init(byThread: Bool = false, lines: Bool = false) {
    self.byThread = byThread
    countsLines = lines
  }

  /// Counts a recording.
  public static func of(
    _ reader: TraceReader, _ selection: ThreadSelection = ThreadSelection(), byThread: Bool = false,
    lines: Bool = false, progress: (UInt64) throws -> Bool
  ) rethrows -> Statistics {
    var result = Statistics(byThread: byThread, lines: lines)
    _ = try reader.walkCalls(selection, &result, progress: progress)
    result.finish()
    return result
  }

  /// Takes in what was counted last.
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
    // A program that runs may have defined it since.
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
        // Where exceptions are not recorded, its end alone tells of one.
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
    // Where it calls itself, the outermost call's line has that time already.
    if !stack.top.isRecursive {
      lines[Int(stack.top.function)][place].total &+= times.total
    }
    lines[Int(stack.top.function)][place].own &+= times.own
  }

  /// Where a line's numbers stand.
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
    // A damaged file may name any; those that are not defined are counted as the one of number 0.
    if place < 1 << 20 { builtins.grow(to: place + 1) }
  }
}
