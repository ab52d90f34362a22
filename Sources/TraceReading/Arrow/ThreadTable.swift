import TraceFormat

/// The threads of a recording, of all processes.
enum ThreadTable {
  static let field = ArrowField.table([
    .int32("process"), .int32("process_index"), .int32("thread"), .text("name"),
    .int64("native_id"), .int64("ident"), .int64("dropped"),
    .int64("dropped_from", isNullable: true), .int64("dropped_until", isNullable: true),
  ])

  static func rows(of reader: TraceReader) -> ArrowColumn {
    let start = reader.files[0].header.start
    var processes: [Int32] = []
    var indices: [Int32] = []
    var cells: [ThreadCell] = []
    var dropped: [(count: UInt64, from: UInt64, until: UInt64)?] = []
    for (index, file) in reader.files.enumerated() {
      for cell in file.threads.values.sorted(by: { $0.index < $1.index }) {
        processes.append(Int32(truncatingIfNeeded: file.header.processID))
        indices.append(Int32(index))
        cells.append(cell)
        dropped.append(file.dropped(of: Int(cell.index)))
      }
    }
    /// Nanoseconds since the recording's start; 0 for earlier times.
    func time(_ time: UInt64) -> Int64 { max(0, Int64(bitPattern: time &- start)) }
    return ArrowColumn(
      rows: cells.count,
      columns: [
        ArrowColumn(processes), ArrowColumn(indices),
        ArrowColumn(cells.map { Int32(bitPattern: $0.index) }),
        ArrowColumn(texts: cells.map { valid(utf8: $0.name) }),
        ArrowColumn(cells.map { Int64(bitPattern: $0.nativeID) }),
        ArrowColumn(cells.map { Int64(bitPattern: $0.identifier) }),
        ArrowColumn(dropped.map { Int64(bitPattern: $0?.count ?? 0) }),
        ArrowColumn(dropped.map { $0.map { time($0.from) } }),
        ArrowColumn(dropped.map { $0.map { time($0.until) } }),
      ])
  }
}
