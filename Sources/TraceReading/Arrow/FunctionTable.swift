import TraceFormat

/// The functions of a recording, those of all processes.
enum FunctionTable {
  static let field = ArrowField.table([
    .int32("process"), .int32("process_index"), .int32("function"), .text("name"),
    .text("qualified_name"), .text("file"), .int32("first_line"), .int32("flags"),
    .texts("parameters"),
  ])

  static func rows(of reader: TraceReader) -> ArrowColumn {
    var processes: [Int32] = []
    var indices: [Int32] = []
    var functions: [FunctionDefinition] = []
    var sources: [[UInt8]] = []
    for (index, file) in reader.files.enumerated() {
      for case let function? in file.functions {
        processes.append(Int32(truncatingIfNeeded: file.header.processID))
        indices.append(Int32(index))
        functions.append(function)
        sources.append(file.source(of: function))
      }
    }
    var parameters = TextListColumn()
    for (row, function) in functions.enumerated() {
      parameters.append(function.parameters, at: row)
    }
    return ArrowColumn(
      rows: functions.count,
      columns: [
        ArrowColumn(processes), ArrowColumn(indices),
        ArrowColumn(functions.map { Int32(truncatingIfNeeded: $0.number) }),
        ArrowColumn(texts: functions.map { $0.name }),
        ArrowColumn(texts: functions.map { $0.qualifiedName }), ArrowColumn(texts: sources),
        ArrowColumn(functions.map { $0.firstLine }),
        ArrowColumn(functions.map { Int32(bitPattern: $0.flags) }),
        parameters.finish(functions.count),
      ])
  }
}
