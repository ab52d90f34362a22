import TraceFormat

/// The functions of a recording, of all processes.
enum FunctionTable {
  static let field = ArrowField.table([
    .int32("process"), .int32("process_index"), .int32("function"), .text("name"),
    .text("qualified_name"), .text("file"), .int32("first_line"), .int32("flags"),
    .texts("parameters"),
  ])

  /// Returns the rows in batches, each with about 16 MB of texts at most.
  static func batches(of reader: TraceReader) -> [() -> ArrowColumn] {
    var batches: [() -> ArrowColumn] = []
    var rows: [Row] = []
    var size = 0
    for (index, file) in reader.files.enumerated() {
      for (number, function) in file.functions.enumerated() {
        guard let function else { continue }
        rows.append(Row(file: index, function: number))
        size += function.name.count + function.qualifiedName.count
        size += function.parameters.reduce(file.source(of: function).count) { $0 + $1.count }
        guard size >= ReadingLimits.mostTexts else { continue }
        let full = rows
        batches.append { batch(full, of: reader) }
        (rows, size) = ([], 0)
      }
    }
    if !rows.isEmpty || batches.isEmpty { batches.append { batch(rows, of: reader) } }
    return batches
  }

  private struct Row {
    let file: Int
    let function: Int
  }

  private static func batch(_ rows: [Row], of reader: TraceReader) -> ArrowColumn {
    let functions = rows.compactMap { reader.files[$0.file].functions[$0.function] }
    let sources = zip(rows, functions).map { reader.files[$0.file].source(of: $1) }
    var parameters = TextListColumn()
    for (row, function) in functions.enumerated() {
      parameters.append(function.parameters, at: row)
    }
    return ArrowColumn(
      rows: functions.count,
      columns: [
        ArrowColumn(
          rows.map { Int32(truncatingIfNeeded: reader.files[$0.file].header.processID) }),
        ArrowColumn(rows.map { Int32($0.file) }),
        ArrowColumn(functions.map { Int32(truncatingIfNeeded: $0.number) }),
        ArrowColumn(texts: functions.map { $0.name }),
        ArrowColumn(texts: functions.map { $0.qualifiedName }), ArrowColumn(texts: sources),
        ArrowColumn(functions.map { $0.firstLine }),
        ArrowColumn(functions.map { Int32(bitPattern: $0.flags) }),
        parameters.finish(functions.count),
      ])
  }
}
