import TraceFormat

/// Builds the columns in which all events have a value.
@safe struct EventColumns {
  /// Number of rows.
  private(set) var count = 0
  private let capacity: Int
  private let start: UInt64
  private let wallStart: UInt64
  private let process: Column<Int32>
  private let file: Column<Int32>
  private let thread: Column<Int32>
  private let time: Column<Int64>
  private let timestamp: Column<Int64>
  private let kind: Column<Int8>
  private let function: Column<Int32>
  private let name: Column<Int32>
  private let source: Column<Int32>
  private let line: Column<Int32>
  private let depth: Column<Int32>
  private let stack: Column<Int32>
  private let task: Column<Int32>
  /// Rows for which the function's name, and its file, are lost.
  private var nameless: [Int32] = []
  private var sourceless: [Int32] = []

  /// Memory of a column, filled from the first row on.
  @safe private struct Column<Number: BitwiseCopyable> {
    let buffer: ArrowBuffer
    // SAFETY: the buffer's memory, with room for the columns' capacity.
    let rows: UnsafeMutablePointer<Number>

    init(_ capacity: Int) {
      buffer = .uninitialized(Number.self, count: capacity)
      unsafe rows = buffer.start.bindMemory(to: Number.self, capacity: capacity)
    }
  }

  /// - Parameters:
  ///   - capacity: maximum number of rows.
  ///   - start: start of the recording, in nanoseconds of CLOCK_MONOTONIC.
  ///   - wallStart: start of the recording, in nanoseconds since 1970.
  init(capacity: Int, start: UInt64, wallStart: UInt64) {
    self.capacity = capacity
    self.start = start
    self.wallStart = wallStart
    process = Column(capacity)
    file = Column(capacity)
    thread = Column(capacity)
    time = Column(capacity)
    timestamp = Column(capacity)
    kind = Column(capacity)
    function = Column(capacity)
    name = Column(capacity)
    source = Column(capacity)
    line = Column(capacity)
    depth = Column(capacity)
    stack = Column(capacity)
    task = Column(capacity)
  }

  /// Adds events of one thread.
  ///
  /// - Parameters:
  ///   - process: ID of the process.
  ///   - file: index of the process's file among the reader's files.
  ///   - thread: the thread's number in the file.
  ///   - places: indices of the names of the file's functions.
  ///   - special: receives the indices of events that have texts or a C function.
  mutating func append(
    _ events: ArraySlice<DecodedEvent>, process: Int32, file: Int32, thread: Int32,
    _ places: [EventNames.Place], special: inout [Int]
  ) {
    let first = count
    precondition(events.count <= capacity - first)
    count += events.count
    // SAFETY: the rows from `first` on have room for all events, as was just checked.
    unsafe (self.process.rows + first).initialize(repeating: process, count: events.count)
    unsafe (self.file.rows + first).initialize(repeating: file, count: events.count)
    unsafe (self.thread.rows + first).initialize(repeating: thread, count: events.count)
    var (nameless, sourceless): ([Int32], [Int32]) = ([], [])
    unsafe events.withUnsafeBufferPointer { events in
      unsafe places.withUnsafeBufferPointer { places in
        for index in 0..<events.count {
          let event = unsafe events[index]
          let row = first + index
          let since = event.mark.time &- start
          unsafe time.rows[row] = Int64(bitPattern: since)
          unsafe timestamp.rows[row] = Int64(bitPattern: since &+ wallStart)
          unsafe kind.rows[row] = Int8(bitPattern: event.kind.rawValue &- 1)
          unsafe function.rows[row] = Int32(bitPattern: event.mark.function)
          unsafe line.rows[row] = event.mark.line
          unsafe depth.rows[row] = event.mark.depth
          unsafe stack.rows[row] = Int32(bitPattern: event.mark.stack)
          unsafe task.rows[row] = Int32(bitPattern: event.task)
          let number = Int(event.mark.function)
          let place = unsafe number < places.count ? places[number] : EventNames.Place()
          unsafe name.rows[row] = max(0, place.name)
          unsafe source.rows[row] = max(0, place.source)
          if place.name | place.source < 0 {
            if place.name < 0 { nameless.append(Int32(row)) }
            if place.source < 0 { sourceless.append(Int32(row)) }
          }
          if event.hasTexts || event.cFunction != 0 { special.append(index) }
        }
      }
    }
    self.nameless += nameless
    self.sourceless += sourceless
  }

  /// Returns the table. No events may be added after that.
  func finish(_ names: EventNames, _ rare: inout RareColumns) -> ArrowColumn {
    ArrowColumn(
      rows: count,
      columns: [
        column(process), column(file), column(thread), column(time), column(timestamp),
        column(kind, names.kinds), column(function), column(name, names.names, missing: nameless),
        column(source, names.sources, missing: sourceless), column(line), column(depth),
        column(stack), tasks,
      ] + rare.finish(count, names.builtins))
  }

  /// The tasks' numbers; missing if 0.
  private var tasks: ArrowColumn {
    var rows: [Int32] = []
    // SAFETY: the rows below `count` have been filled.
    for row in 0..<count where unsafe task.rows[row] != 0 { rows.append(Int32(row)) }
    return ArrowColumn(
      count: count, nullCount: count - rows.count,
      buffers: [ArrowBuffer(bitsAt: rows, count: count), task.buffer])
  }

  private func column<Number>(
    _ column: Column<Number>, _ dictionary: ArrowColumn? = nil, missing: [Int32] = []
  ) -> ArrowColumn {
    let bits = missing.isEmpty ? nil : ArrowBuffer(clearBitsAt: missing, count: count)
    return ArrowColumn(
      count: count, nullCount: missing.count, buffers: [bits, column.buffer],
      dictionary: dictionary.map { [$0] } ?? [])
  }
}
