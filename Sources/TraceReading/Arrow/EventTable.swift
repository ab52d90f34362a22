import TraceFormat

/// The events of a recording, in the order of time.
///
/// Memory is bounded by one batch, whatever the size of the file. Of a recording that is still
/// written it is what was written until the table was made: it ends.
final class EventTable: ArrowSource {
  /// The columns; docs/arrow.md describes them.
  static let field = ArrowField.table([
    .int32("process"), .int32("process_index"), .int32("thread"), .int64("time"),
    .timestamp("timestamp"), .names("kind", index: "c", isNullable: false), .int32("function"),
    .names("name"), .names("file"), .int32("line"), .int32("depth"), .int32("stack"),
    .int32("task", isNullable: true), .names("c_function"), .text("exception", isNullable: true),
    .text("value", isNullable: true),
    .text("message", isNullable: true), .texts("arguments", isNullable: true),
  ])

  /// Rows of a batch, and bytes of texts at which it is full before.
  static let mostRows = 1 << 17
  private static let mostBytes = 1 << 24

  var field: ArrowField { Self.field }
  private let reader: TraceReader
  private let names: EventNames
  private let snapshot: Snapshot?
  private let zeros = ArrowBuffer(zeros: (mostRows + 1) * 4)
  private var isOver = false
  private var rare: RareColumns
  /// Events of a run that need more than numbers.
  private var special: [Int] = []

  init(_ reader: TraceReader) {
    self.reader = reader
    names = EventNames(reader.files)
    snapshot = reader.files.contains { $0.isBeingWritten } ? Snapshot(reader.files) : nil
    rare = RareColumns(zeros: zeros)
  }

  func nextBatch() throws(ReadingError) -> ArrowColumn? {
    let header = reader.files[0].header
    var columns = EventColumns(
      capacity: Self.mostRows, start: header.start, wallStart: header.wallStart)
    while columns.count < Self.mostRows, rare.size < Self.mostBytes, !isOver,
      let run = reader.nextRun(limit: Self.mostRows - columns.count)
    {
      var events = run.events
      if let snapshot, let end = snapshot.end(of: events, file: run.file) {
        events = events[..<end]
        isOver = true
      }
      append(events, run, to: &columns)
    }
    if let damage = reader.damage.first {
      throw ReadingError(path: damage.path, problem: "\(damage.error)")
    }
    return columns.count == 0 ? nil : columns.finish(names, &rare)
  }

  private func append(
    _ events: ArraySlice<DecodedEvent>, _ run: EventRun, to columns: inout EventColumns
  ) {
    let first = columns.count
    let process = Int32(truncatingIfNeeded: reader.files[run.file].header.processID)
    special.removeAll(keepingCapacity: true)
    columns.append(
      events, process: process, file: Int32(run.file),
      thread: Int32(truncatingIfNeeded: run.thread), names.functions[run.file], special: &special)
    for index in special {
      let event = events[events.startIndex + index]
      if event.builtin != 0, let name = names.builtin(event.builtin, file: run.file) {
        rare.append(builtin: name, at: first + index)
      }
      if event.hasTexts {
        let texts = run.texts(of: event).map { reader.files[run.file].text(at: $0) ?? Self.lost }
        rare.append(texts, of: event.kind, at: first + index)
      }
    }
  }

  /// What stands for a text that cannot be found.
  private static let lost = Array("(lost)".utf8)
}

/// What belongs to a recording that grows while it is read: what was written until now.
private struct Snapshot {
  /// Nanoseconds of CLOCK_MONOTONIC.
  private let time = monotonicTime()
  /// How many functions each file has, and functions written in C.
  private let functions: [Int]
  private let builtins: [Int]

  init(_ files: [TraceFile]) {
    functions = files.map { $0.functions.count }
    builtins = files.map { $0.builtins.count }
  }

  /// The place of the first event that does not belong to it; nil where all do.
  func end(of events: ArraySlice<DecodedEvent>, file: Int) -> Int? {
    events.firstIndex { event in
      event.mark.time > time || Int(event.mark.function) >= functions[file]
        || Int(event.builtin) >= builtins[file]
    }
  }
}
