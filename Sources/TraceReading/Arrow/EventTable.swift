import CPlatform
import TraceFormat

/// The events of a recording, in order of time.
///
/// Memory is bounded by one batch, whatever the size of the file. If the recording is still being
/// written, the table contains what was written before the table was created.
final class EventTable: ArrowSource {
  /// The columns, which docs/arrow.md describes.
  static let field = ArrowField.table([
    .int32("process"), .int32("process_index"), .int32("thread"), .int64("time"),
    .timestamp("timestamp"), .names("kind", index: "c", isNullable: false), .int32("function"),
    .names("name"), .names("file"), .int32("line"), .int32("depth"), .int32("stack"),
    .int32("task", isNullable: true), .names("c_function"), .text("exception", isNullable: true),
    .text("value", isNullable: true),
    .text("message", isNullable: true), .texts("arguments", isNullable: true),
  ])

  /// Maximum number of rows in a batch. `ReadingLimits.mostTexts` bytes of texts fill it earlier.
  static let mostRows = 1 << 17

  var field: ArrowField { Self.field }
  private let reader: TraceReader
  private let names: EventNames
  private let snapshot: Snapshot?
  private let zeros = ArrowBuffer(zeros: (mostRows + 1) * 4)
  private var isOver = false
  private var rare: RareColumns
  /// Indices of events of a run that have texts or a C function.
  private var special: [Int] = []
  /// Events of a run for which the previous batch had no room.
  private var rest: ArraySlice<DecodedEvent> = []
  private var restOfRun: EventRun?
  /// Bytes of texts in all batches.
  private var textBytes: UInt64 = 0

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
    while columns.count < Self.mostRows, rare.size < ReadingLimits.mostTexts,
      let run = restOfRun ?? nextRun(limit: Self.mostRows - columns.count)
    {
      if restOfRun == nil { rest = run.events }
      if !isOver, let snapshot, let end = snapshot.end(of: rest, file: run.file) {
        rest = rest[..<end]
        isOver = true
      }
      let count = append(rest.prefix(Self.mostRows - columns.count), run, to: &columns)
      rest = rest.dropFirst(count)
      restOfRun = rest.isEmpty ? nil : run
      // Release the events, so that the reader reuses their memory.
      if rest.isEmpty { rest = [] }
    }
    textBytes &+= UInt64(rare.size)
    if textBytes > ReadingLimits.leastOutput, textBytes > reader.outputLimit {
      throw ReadingError(
        path: reader.files[0].path,
        problem: "the table ends after \(textBytes >> 20) MB of texts: more than "
          + "\(ReadingLimits.growth) times the recording; it names long texts again and again")
    }
    if let damage = reader.damage.first {
      throw ReadingError(path: damage.path, problem: "\(damage.error)")
    }
    return columns.count == 0 ? nil : columns.finish(names, &rare)
  }

  private func nextRun(limit: Int) -> EventRun? { isOver ? nil : reader.nextRun(limit: limit) }

  /// Appends events, up to the one whose texts fill the batch. Returns the number of events
  /// appended.
  private func append(
    _ all: ArraySlice<DecodedEvent>, _ run: EventRun, to columns: inout EventColumns
  ) -> Int {
    let first = columns.count
    var events = all
    var size = rare.size
    for index in all.indices where all[index].hasTexts {
      size += textSize(of: all[index], run)
      if size >= ReadingLimits.mostTexts {
        events = all[...index]
        break
      }
    }
    let process = Int32(truncatingIfNeeded: reader.files[run.file].header.processID)
    special.removeAll(keepingCapacity: true)
    columns.append(
      events, process: process, file: Int32(run.file),
      thread: Int32(truncatingIfNeeded: run.thread), names.functions[run.file], special: &special)
    for index in special {
      let event = events[events.startIndex + index]
      if event.cFunction != 0, let name = names.cFunction(event.cFunction, file: run.file) {
        rare.append(cFunction: name, at: first + index)
      }
      if event.hasTexts {
        var room = ReadingLimits.mostTexts
        let texts = run.texts(of: event).map { place -> [UInt8] in
          let text = reader.files[run.file].text(at: place) ?? Self.lost
          room -= text.count
          return room >= 0 ? text : Self.leftOut
        }
        rare.append(texts, of: event.kind, at: first + index)
      }
    }
    return events.count
  }

  /// Returns the number of bytes of an event's texts that are kept.
  private func textSize(of event: DecodedEvent, _ run: EventRun) -> Int {
    let file = reader.files[run.file]
    return min(
      ReadingLimits.mostTexts,
      run.texts(of: event).reduce(0) { $0 + (file.text(at: $1)?.count ?? 0) })
  }

  /// Replaces each text beyond the limit for one event.
  private static let leftOut = Array("...".utf8)

  /// Replaces a text that cannot be found.
  private static let lost = Array("(lost)".utf8)
}

/// Limits a growing recording to the events that were written before the table was created.
private struct Snapshot {
  /// Time of the last event, in nanoseconds of CLOCK_MONOTONIC.
  private let time = CPlatform_now()
  /// Number of functions, and of C functions, in each file.
  private let functions: [Int]
  private let builtins: [Int]

  init(_ files: [TraceFile]) {
    functions = files.map { $0.functions.count }
    builtins = files.map { $0.builtins.count }
  }

  /// Returns the index of the first event outside the snapshot, or nil if there is none.
  func end(of events: ArraySlice<DecodedEvent>, file: Int) -> Int? {
    events.firstIndex { event in
      event.mark.time > time || Int(event.mark.function) >= functions[file]
        || Int(event.cFunction) >= builtins[file]
    }
  }
}
