import TraceFormat

/// Callgrind's format: nanoseconds for each line, and for each line that calls a function.
///
/// Specification: <https://valgrind.org/docs/manual/cl-format.html>. Each thread is written as an
/// object file, so that the costs of threads stay separate.
struct CallgrindExport: CallExport {
  private let reader: TraceReader
  private let output: ExportOutput
  private var files: [[UInt8]: Int] = [:]
  private var functions = PairTable()
  private var objects = 0
  private var total: UInt64 = 0

  // State of the current thread.
  /// Pairs of a function's key and a line, and the nanoseconds that ran there.
  private var lines = PairTable()
  private var costs: [UInt64] = []
  /// Pairs of a caller's key with the line of the call, and the callee's key.
  private var edges = PairTable()
  private var calls: [(count: UInt64, time: UInt64)] = []

  init(_ reader: TraceReader, to output: ExportOutput) {
    self.reader = reader
    self.output = output
    output.append("# callgrind format\nversion: 1\ncreator: swifttrace\ncmd: ")
    output.append(Self.line(ThreadLabels.process(reader.files[0])))
    output.append("\npositions: line\nevents: Nanoseconds\n")
  }

  mutating func begin(_ thread: WalkedThread) {
    (lines, costs, edges, calls) = (PairTable(), [], PairTable(), [])
  }

  @inline(__always)
  mutating func enter(_ event: DecodedEvent, _ stack: inout CallStack, _ thread: WalkedThread) {}

  @inline(__always)
  mutating func line(_ event: DecodedEvent, _ stack: inout CallStack, _ thread: WalkedThread) {
    let time = event.mark.time
    if stack.top.notRecorded > 0 { addNotRecorded(&stack) }
    if let times = stack.lineTimes(at: time) {
      add(times.own, to: stack.top, at: stack.top.line)
    } else {
      // The time before the first line belongs to the line of the function's definition.
      add(stack.times(at: time).own, to: stack.top, at: firstLine(stack.top, thread))
    }
  }

  @inline(__always)
  mutating func leave(
    _ end: CallEnd, at time: UInt64, _ event: DecodedEvent?, _ stack: inout CallStack,
    _ thread: WalkedThread
  ) {
    let times = stack.times(at: time)
    if stack.top.notRecorded > 0 { addNotRecorded(&stack) }
    let call = stack.top
    if let line = stack.lineTimes(at: time) {
      add(line.own, to: call, at: call.line)
    } else {
      add(times.own, to: call, at: firstLine(call, thread))
    }
    guard let caller = stack.caller else { return }
    let edge = edges.number(
      of: Self.key(caller) << 32 | UInt64(UInt32(bitPattern: caller.line)), Self.key(call))
    if edge == calls.count { calls.append((0, 0)) }
    if call.isWhole && !call.isResumed { calls[edge].count &+= 1 }
    calls[edge].time &+= times.total
  }

  mutating func end(_ thread: WalkedThread) {
    guard !costs.isEmpty else { return }
    objects += 1
    output.append("\nob=(")
    output.append(decimal: objects)
    output.append(") ")
    output.append(Self.line(ThreadLabels.distinct(thread, in: reader)))
    output.append("\n")
    var linesOf: [UInt64: [Int]] = [:]
    var edgesOf: [UInt64: [Int]] = [:]
    for (index, pair) in lines.pairs.enumerated() { linesOf[pair.0, default: []].append(index) }
    for (index, pair) in edges.pairs.enumerated() {
      edgesOf[pair.0 >> 32, default: []].append(index)
    }
    for function in Set(linesOf.keys).union(edgesOf.keys).sorted() {
      write(function, thread, prefix: "")
      for index in (linesOf[function] ?? []).sorted(by: { lines.pairs[$0].1 < lines.pairs[$1].1 }) {
        output.append(decimal: lines.pairs[index].1)
        output.append(" ")
        output.append(decimal: costs[index])
        output.append("\n")
        total &+= costs[index]
      }
      for index in edgesOf[function] ?? [] {
        let (caller, callee) = edges.pairs[index]
        write(callee, thread, prefix: "c")
        output.append("calls=")
        output.append(decimal: calls[index].count)
        output.append(" ")
        output.append(decimal: Self.firstLine(callee, thread.file))
        output.append("\n")
        output.append(decimal: caller & 0xFFFF_FFFF)
        output.append(" ")
        output.append(decimal: calls[index].time)
        output.append("\n")
      }
      output.commit()
    }
  }

  func finish() {
    output.append("\ntotals: ")
    output.append(decimal: total)
    output.append("\n")
  }

  // MARK: Costs of functions and lines

  /// Returns the key of a call's function: twice its number, plus 1 for a C function.
  @inline(__always)
  private static func key(_ call: RunningCall) -> UInt64 {
    call.cFunction == 0 ? UInt64(call.function) << 1 : UInt64(call.cFunction) << 1 | 1
  }

  @inline(__always)
  private mutating func add(_ time: UInt64, to call: RunningCall, at line: Int32) {
    let number = lines.number(of: Self.key(call), UInt64(max(0, line)))
    if number == costs.count { costs.append(0) }
    costs[number] &+= time
  }

  /// Adds the time in code that is not recorded and that the innermost call made, as a function of
  /// its own. The call's tag contains the time that has been added before.
  @inline(never)
  private mutating func addNotRecorded(_ stack: inout CallStack) {
    let call = stack.top
    let time = call.notRecorded &- UInt64(bitPattern: Int64(call.tag))
    guard time > 0 else { return }
    stack.top.tag = Int(bitPattern: UInt(call.notRecorded))
    let number = lines.number(of: Self.notRecorded, 0)
    if number == costs.count { costs.append(0) }
    costs[number] &+= time
    let edge = edges.number(
      of: Self.key(call) << 32 | UInt64(UInt32(bitPattern: call.line)), Self.notRecorded)
    if edge == calls.count { calls.append((0, 0)) }
    calls[edge].count &+= 1
    calls[edge].time &+= time
  }

  /// Key for all code that is not recorded; no C function has this number.
  private static let notRecorded = UInt64(UInt32.max) << 1 | 1

  private func firstLine(_ call: RunningCall, _ thread: WalkedThread) -> Int32 {
    call.cFunction == 0 ? thread.file.firstLine(call.function) : 0
  }

  private static func firstLine(_ key: UInt64, _ file: TraceFile) -> Int32 {
    key & 1 == 0 ? max(0, file.firstLine(UInt32(key >> 1))) : 0
  }

  // MARK: Names: each is written once, then referred to by its number

  private mutating func write(_ key: UInt64, _ thread: WalkedThread, prefix: StaticString) {
    let file = thread.file
    let function = key & 1 == 0 ? file.function(UInt32(key >> 1)) ?? .unknown : nil
    let source = function.map { file.source(of: $0) } ?? Array("~".utf8)
    output.append(prefix)
    output.append(prefix.utf8CodeUnitCount > 0 ? "fi=(" : "fl=(")
    let number = files[source] ?? files.count + 1
    output.append(decimal: number)
    output.append(")")
    if files[source] == nil {
      files[source] = number
      output.append(" ")
      output.append(Self.line(source))
    }
    output.append("\n")
    output.append(prefix)
    output.append("fn=(")
    let known = functions.pairs.count
    let place = functions.number(of: UInt64(thread.fileIndex), key)
    output.append(decimal: place + 1)
    output.append(")")
    if place == known {
      output.append(" ")
      let name =
        key == Self.notRecorded
        ? Array("(not recorded)".utf8)
        : function?.label(in: file) ?? file.cFunction(UInt32(key >> 1)) ?? [0x3F]
      output.append(Self.line(name))
    }
    output.append("\n")
  }

  /// Returns a text without control characters, such as line ends.
  private static func line(_ text: [UInt8]) -> [UInt8] { PrintableText.withoutControls(text) }
}

extension TraceFile {
  /// Returns the line at which a function is defined; 0 if its definition is lost.
  func firstLine(_ function: UInt32) -> Int32 {
    // `function(_:)` would copy the names too.
    Int(function) < functions.count ? functions[Int(function)]?.firstLine ?? 0 : 0
  }
}
