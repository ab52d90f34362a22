import TraceFormat

/// The profile format of `pstats.Stats`: calls, own time, total time and callers of each function,
/// summed over threads and processes, for which the format has no place.
///
/// Like `cProfile`, it writes a dict with `marshal`. A resume of a generator does not count as a
/// call, but its time is included.
struct PstatsExport: CallExport {
  private let reader: TraceReader
  private let output: ExportOutput
  /// Pairs of a caller's file and key, and a callee's key.
  private var edges = PairTable()
  private var sums: [Sums] = []

  /// Sums of one function's calls from one caller.
  fileprivate struct Sums {
    var calls: UInt64 = 0
    /// Calls without an outer call of the function, and calls without an outer one from the same
    /// caller.
    var primitive: UInt64 = 0
    var primitiveByCaller: UInt64 = 0
    var own: UInt64 = 0
    /// Total time of these two, in nanoseconds.
    var total: UInt64 = 0
    var totalByCaller: UInt64 = 0
    /// Number of running calls.
    var running: UInt64 = 0
  }

  init(_ reader: TraceReader, to output: ExportOutput) {
    self.reader = reader
    self.output = output
  }

  @inline(__always)
  mutating func enter(_ event: DecodedEvent, _ stack: inout CallStack, _ thread: WalkedThread) {
    let call = stack.top
    let caller = stack.caller.map { Self.key($0) } ?? 0
    let edge = edges.number(of: UInt64(thread.fileIndex) << Self.keyBits | caller, Self.key(call))
    if edge == sums.count { sums.append(Sums()) }
    stack.top.tag = edge
    if call.isWhole && !call.isResumed {
      sums[edge].calls &+= 1
      if !call.isRecursive { sums[edge].primitive &+= 1 }
      if sums[edge].running == 0 { sums[edge].primitiveByCaller &+= 1 }
    }
    sums[edge].running &+= 1
  }

  @inline(__always)
  mutating func leave(
    _ end: CallEnd, at time: UInt64, _ event: DecodedEvent?, _ stack: inout CallStack,
    _ thread: WalkedThread
  ) {
    let times = stack.times(at: time)
    let edge = stack.top.tag
    sums[edge].running &-= 1
    sums[edge].own &+= times.own
    if !stack.top.isRecursive { sums[edge].total &+= times.total }
    if sums[edge].running == 0 { sums[edge].totalByCaller &+= times.total }
  }

  func finish() throws(ExportError) {
    guard !sums.isEmpty else { throw .noCalls }
    var rows: [Label: Row] = [:]
    for (pair, sums) in zip(edges.pairs, sums) {
      let file = Int(pair.0 >> Self.keyBits)
      let label = label(pair.1, file)
      rows[label, default: Row()].sums.add(sums)
      let caller = pair.0 & (1 << Self.keyBits - 1)
      if caller != 0 {
        rows[label, default: Row()].callers[self.label(caller, file), default: Sums()].add(sums)
      }
    }
    output.beginMarshalDict()
    for (label, row) in rows.sorted(by: { $0.key < $1.key }) {
      append(label)
      output.append(marshalTuple: 5)
      output.append(marshal: row.sums.primitive)
      output.append(marshal: row.sums.calls)
      output.append(marshal: seconds(row.sums.own))
      output.append(marshal: seconds(row.sums.total))
      output.beginMarshalDict()
      for (label, sums) in row.callers.sorted(by: { $0.key < $1.key }) {
        append(label)
        // The order differs from that of a function's own numbers, as in cProfile's files.
        output.append(marshalTuple: 4)
        output.append(marshal: sums.calls)
        output.append(marshal: sums.primitiveByCaller)
        output.append(marshal: seconds(sums.own))
        output.append(marshal: seconds(sums.totalByCaller))
      }
      output.endMarshalDict()
      output.commit()
    }
    output.endMarshalDict()
  }

  /// Identifies a function in `pstats`.
  private struct Label: Hashable, Comparable {
    let file: [UInt8]
    let line: Int32
    let name: [UInt8]

    static func < (left: Label, right: Label) -> Bool {
      if left.file != right.file { return left.file.lexicographicallyPrecedes(right.file) }
      if left.line != right.line { return left.line < right.line }
      return left.name.lexicographicallyPrecedes(right.name)
    }
  }

  private struct Row {
    var sums = Sums()
    var callers: [Label: Sums] = [:]
  }

  private func label(_ key: UInt64, _ index: Int) -> Label {
    let file = reader.files[index]
    guard key & 1 == 0 else {
      return Label(file: [0x7E], line: 0, name: file.cFunction(UInt32(key >> 1)) ?? [0x3F])
    }
    let function = file.function(UInt32(key >> 1)) ?? .unknown
    return Label(
      file: file.source(of: function), line: max(0, function.firstLine), name: function.name)
  }

  private func append(_ label: Label) {
    output.append(marshalTuple: 3)
    output.append(marshal: label.file)
    output.append(marshal: UInt64(label.line))
    output.append(marshal: label.name)
  }

  private func seconds(_ nanoseconds: UInt64) -> Double { Double(nanoseconds) / 1e9 }

  /// Number of bits in a key. A damaged recording may contain any 32-bit number.
  private static let keyBits: UInt64 = 33

  @inline(__always)
  private static func key(_ call: RunningCall) -> UInt64 {
    call.cFunction == 0 ? UInt64(call.function) << 1 : UInt64(call.cFunction) << 1 | 1
  }
}

extension PstatsExport.Sums {
  fileprivate mutating func add(_ other: Self) {
    calls &+= other.calls
    primitive &+= other.primitive
    primitiveByCaller &+= other.primitiveByCaller
    own &+= other.own
    total &+= other.total
    totalByCaller &+= other.totalByCaller
  }
}
