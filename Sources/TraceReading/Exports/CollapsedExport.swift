import TraceFormat

/// Collapsed stacks for flame graphs: one line for each distinct stack, with the own time of its
/// innermost function in nanoseconds.
///
/// Deep stacks are bounded: beyond `deepestUnfolded` frames, a function that is already on the
/// stack is folded into its outer frame.
struct CollapsedExport: CallExport {
  private let reader: TraceReader
  private let output: ExportOutput
  /// Frame labels, in the order in which they were added. The first four are fixed.
  private var labels: [[UInt8]] = [
    Array("(more stacks)".utf8), Array("(unknown)".utf8), Array("(not recorded)".utf8),
    Array("(greenlet)".utf8),
  ]
  /// Pairs of a file's index and a function's numbers, in the order of `labelsOfPairs`.
  private var labelNumbers = PairTable()
  private var labelsOfPairs: [Int] = []
  /// Stacks, as pairs of the callers' stack and a label. Number 0 is the empty stack.
  private var stacks = PairTable()
  private var times: [UInt64] = [0]
  /// Target of each stack (itself, or the outer stack into which it is folded), and number of
  /// frames.
  private var targets: [Int32] = [0]
  private var depths: [Int32] = [0]
  private var root = 0
  private var thread = -1

  /// Maximum number of distinct stacks. Calls on further stacks are summed in a frame
  /// `(more stacks)`.
  private static let mostStacks = 1 << 21
  /// Number of frames of a stack in which recursion is not folded.
  private static let deepestUnfolded = 64
  /// Number of frames, from the innermost, that are searched for the same function.
  private static let window = 256
  /// Maximum number of frames of a stack. Deeper calls are summed in a frame `(more stacks)` too.
  private static let deepest = 1000
  /// Maximum length of a frame's label, in bytes.
  private static let longest = 1000

  init(_ reader: TraceReader, to output: ExportOutput) {
    self.reader = reader
    self.output = output
    _ = stacks.number(of: .max, .max)
  }

  mutating func begin(_ thread: WalkedThread) {
    self.thread += 1
    root = stack(0, label(ThreadLabels.distinct(thread, in: reader)))
  }

  @inline(__always)
  mutating func enter(_ event: DecodedEvent, _ stack: inout CallStack, _ thread: WalkedThread) {
    let label = label(of: stack.top, thread)
    let count = stack.calls.count
    let caller =
      count > 1 && stack.calls[count - 2].tag > 0
      ? stack.calls[count - 2].tag : outermost(stack)
    stack.top.tag = self.stack(caller, label)
  }

  @inline(__always)
  mutating func leave(
    _ end: CallEnd, at time: UInt64, _ event: DecodedEvent?, _ stack: inout CallStack,
    _ thread: WalkedThread
  ) {
    times[stack.top.tag] &+= stack.times(at: time).own
    if stack.top.notRecorded > 0 {
      let number = self.stack(stack.top.tag, 2)
      times[number] &+= stack.top.notRecorded
    }
  }

  func finish() {
    var path: [Int] = []
    for number in times.indices where times[number] > 0 {
      path.removeAll(keepingCapacity: true)
      var place = number
      while place > 0 {
        path.append(Int(stacks.pairs[place].1))
        place = Int(stacks.pairs[place].0)
      }
      for (index, label) in path.reversed().enumerated() {
        if index > 0 { output.append(";") }
        output.append(labels[label])
      }
      output.append(" ")
      output.append(decimal: times[number])
      output.append("\n")
      output.commit()
    }
  }

  @inline(__always)
  private mutating func stack(_ caller: Int, _ label: Int) -> Int {
    let full = stacks.pairs.count >= Self.mostStacks
    if full, !stacks.contains(UInt64(caller), UInt64(label)) { return more(caller) }
    let number = stacks.number(of: UInt64(caller), UInt64(label))
    if number == times.count { add(number, caller, label) }
    return Int(targets[number])
  }

  /// Adds a new stack, and determines its target.
  @inline(never)
  private mutating func add(_ number: Int, _ caller: Int, _ label: Int) {
    times.append(0)
    depths.append(depths[caller] + 1)
    var target = number
    if depths[number] > Self.deepestUnfolded {
      var (place, steps) = (caller, 0)
      while place > 0, steps < Self.window, stacks.pairs[place].1 != UInt64(label) {
        place = Int(stacks.pairs[place].0)
        steps += 1
      }
      if place > 0, steps < Self.window { target = place }
    }
    targets.append(Int32(target))
    if target == number, depths[number] > Self.deepest { targets[number] = Int32(more(caller)) }
  }

  /// Returns the thread's stack `(more stacks)`, which replaces stacks beyond the limits.
  @inline(never)
  private mutating func more(_ caller: Int) -> Int {
    let number = stacks.number(of: UInt64(root), 0)
    if number == times.count {
      times.append(0)
      depths.append(2)
      targets.append(Int32(number))
    }
    return number
  }

  /// Returns the stack below the outermost known call.
  @inline(never)
  private mutating func outermost(_ stack: CallStack) -> Int {
    var place = root
    if stack.number != 0 { place = self.stack(place, 3) }
    if stack.calls.count > 1 || stack.unknown > 0 { place = self.stack(place, 1) }
    return place
  }

  // MARK: Labels

  @inline(__always)
  private mutating func label(of call: RunningCall, _ thread: WalkedThread) -> Int {
    let number = labelNumbers.number(
      of: UInt64(thread.fileIndex), UInt64(call.function) << 32 | UInt64(call.cFunction))
    if number < labelsOfPairs.count { return labelsOfPairs[number] }
    labelsOfPairs.append(label(Self.name(call, thread.file)))
    return labelsOfPairs[number]
  }

  private mutating func label(_ text: [UInt8]) -> Int {
    // A semicolon separates frames, so labels cannot contain one.
    let shown = PrintableText.escaped(Array(text.prefix(Self.longest)))
    labels.append(shown.map { $0 == 0x3B ? 0x3A : $0 })
    return labels.count - 1
  }

  private static func name(_ call: RunningCall, _ file: TraceFile) -> [UInt8] {
    guard call.cFunction == 0 else { return file.cFunction(call.cFunction) ?? [0x3F] }
    let function = file.function(call.function) ?? .unknown
    var source = file.source(of: function)[...]
    let folder = Array((file.header.folder + "/").utf8)
    if source.starts(with: folder) { source = source.dropFirst(folder.count) }
    return function.qualifiedName + Array(" (".utf8) + source
      + Array(":\(function.firstLine))".utf8)
  }
}
