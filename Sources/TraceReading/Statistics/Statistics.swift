import TraceFormat

/// Counts and times of a recording's functions and lines.
public struct Statistics: CallVisitor, Sendable {
  /// What the functions of one file, or of one thread of it, have.
  public struct Group: Sendable {
    /// Which of the reader's files.
    public let file: Int
    /// The thread's number; nil for all.
    public let thread: Int?
    /// By the functions' numbers.
    public internal(set) var functions: [FunctionStatistics] = []
    /// By the numbers of functions written in C.
    public internal(set) var builtins: [FunctionStatistics] = []
    /// By the functions' numbers, and in each by the line, from the function's first on.
    public internal(set) var lines: [[LineStatistics]] = []
    /// Nanoseconds in code that these functions called and that was not recorded, as far as that is
    /// known: those around calls that came from such code.
    public internal(set) var notRecorded: UInt64 = 0
    /// Nanoseconds between the first event and the last, of all its threads together.
    public internal(set) var duration: UInt64 = 0
    /// Events, by the raw value of their kind.
    public internal(set) var events: [UInt64] = Array(repeating: 0, count: 16)
  }

  /// For each file, or each thread.
  public private(set) var groups: [Group] = []
  /// What is being counted.
  private var now = Group(file: -1, thread: nil)
  private var firstLines: [Int32] = []
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
    if now.file >= 0 { groups.append(now) }
    now = Group(file: -1, thread: nil)
  }

  public mutating func begin(_ thread: WalkedThread) {
    if byThread || now.file != thread.fileIndex {
      finish()
      now = Group(file: thread.fileIndex, thread: byThread ? thread.number : nil)
      let count = thread.file.functions.count
      now.functions = Array(repeating: FunctionStatistics(), count: count)
      now.builtins = Array(repeating: FunctionStatistics(), count: thread.file.builtins.count + 1)
      if countsLines { now.lines = Array(repeating: [], count: count) }
      firstLines = thread.file.functions.map { $0?.firstLine ?? 0 }
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
    if call.builtin != 0 {
      grow(builtin: Int(call.builtin))
      now.builtins[place(ofBuiltin: call.builtin)].calls &+= 1
      return
    }
    // A program that runs may have defined it since.
    if Int(call.function) >= now.functions.count { grow(thread) }
    if event.kind == .call { now.functions[Int(call.function)].calls &+= 1 }
    if !call.isWhole { now.functions[Int(call.function)].withoutStart &+= 1 }
  }

  public mutating func leave(
    _ end: CallEnd, at time: UInt64, _ event: DecodedEvent?, _ stack: inout CallStack,
    _ thread: WalkedThread
  ) {
    if let event { note(event) }
    let call = stack.top
    let times = stack.times(at: time)
    if call.builtin != 0 {
      let place = place(ofBuiltin: call.builtin)
      now.builtins[place].total &+= times.total
      now.builtins[place].own &+= times.own
      if end == .unwound { now.builtins[place].raised &+= 1 }
      return
    }
    let place = Int(call.function)
    now.functions[place].own &+= times.own
    now.notRecorded &+= call.notRecorded
    if end == .lost { now.functions[place].withoutEnd &+= 1 }
    if !call.isRecursive { now.functions[place].total &+= times.total }
    if end == .unwound {
      switch call.exception {
      case .arrived, .arriving: now.functions[place].passed &+= 1
      case .none, .raised:
        // Where exceptions are not recorded, its end alone tells of one.
        if now.events[Int(EventKind.exception.rawValue)] == 0 {
          now.functions[place].raised &+= 1
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
    now.lines[function][place].hits &+= 1
  }

  @inline(__always)
  private mutating func leaveLine(_ stack: borrowing CallStack, at time: UInt64) {
    guard let times = stack.lineTimes(at: time),
      let place = place(of: stack.top.line, in: Int(stack.top.function))
    else { return }
    // Where it calls itself, the outermost call's line has that time already.
    if !stack.top.isRecursive {
      now.lines[Int(stack.top.function)][place].total &+= times.total
    }
    now.lines[Int(stack.top.function)][place].own &+= times.own
  }

  /// Where a line's numbers stand.
  @inline(__always)
  private mutating func place(of line: Int32, in function: Int) -> Int? {
    let place = Int(line) - Int(firstLines[function])
    if place >= 0, place < now.lines[function].count { return place }
    guard place >= 0, place < Self.mostLines else { return nil }
    let more = place + 8 - now.lines[function].count
    guard linesTogether + more <= Self.mostLinesTogether else { return nil }
    linesTogether += more
    now.lines[function].append(contentsOf: repeatElement(LineStatistics(), count: more))
    return place
  }

  public mutating func exception(
    _ event: DecodedEvent, isRaised: Bool, _ stack: inout CallStack, _ thread: WalkedThread
  ) {
    note(event)
    if isRaised { now.functions[Int(stack.top.function)].raised &+= 1 }
  }

  public mutating func opcode(
    _ event: DecodedEvent, _ stack: inout CallStack, _ thread: WalkedThread
  ) {
    note(event)
  }

  private mutating func grow(_ thread: WalkedThread) {
    let functions = thread.file.functions
    let more = functions.count - now.functions.count
    now.functions.append(contentsOf: repeatElement(FunctionStatistics(), count: more))
    if countsLines { now.lines.append(contentsOf: repeatElement([], count: more)) }
    firstLines = functions.map { $0?.firstLine ?? 0 }
  }

  private func place(ofBuiltin number: UInt32) -> Int {
    Int(number) < now.builtins.count ? Int(number) : 0
  }

  private mutating func grow(builtin place: Int) {
    // A damaged file may name any; those that are not defined are counted as the one of number 0.
    guard place >= now.builtins.count, place < 1 << 20 else { return }
    let more = place + 1 - now.builtins.count
    now.builtins.append(contentsOf: repeatElement(FunctionStatistics(), count: more))
  }
}
