import TraceFormat

/// One JSON object for each event, on a line of its own: docs/json-lines.md.
///
/// The members are those of the live lines, in their order. Behind them stand what only a recording
/// has: the arguments of a call, where values were kept, and the time in nanoseconds.
struct JSONLinesExport: EventExport {
  private let reader: TraceReader
  private let output: ExportOutput
  private var functions = FunctionTexts { file, function in
    let source = function.number == 0 ? [] : file.source(of: function)
    return Array(",\"function\":".utf8) + jsonString(function.qualifiedName)
      + Array(",\"file\":".utf8) + jsonString(source) + Array(",\"line\":".utf8)
  }

  init(_ reader: TraceReader, to output: ExportOutput) {
    self.reader = reader
    self.output = output
  }

  mutating func add(_ event: TraceEvent) {
    output.append(Self.names(of: event.kind))
    output.append(functions.text(of: event.mark.function, file: event.file, in: reader))
    output.append(decimal: event.mark.line)
    output.append(",\"depth\":")
    output.append(decimal: max(0, event.mark.depth))
    output.append(",\"thread\":")
    output.append(decimal: event.thread)
    if reader.files.count > 1 {
      output.append(",\"process\":")
      output.append(decimal: reader.files[event.file].header.processID)
    }
    if !event.texts.isEmpty || event.kind.rawValue >= EventKind.unwind.rawValue {
      appendTexts(of: event)
    }
    output.append(",\"time\":")
    output.append(decimal: event.mark.time &- min(event.mark.time, reader.start))
    output.append("}\n")
  }

  func finish() {}

  private func appendTexts(of event: TraceEvent) {
    func text(_ index: Int) -> [UInt8] {
      index < event.texts.count ? reader.text(event, index) ?? Array("(lost)".utf8) : []
    }
    let file = reader.files[event.file]
    switch event.kind {
    case .call:
      let names = file.function(event.mark.function)?.parameters ?? []
      output.append(",\"arguments\":{")
      for index in 0..<min(names.count, event.texts.count) {
        if index > 0 { output.append(",") }
        output.append(json: names[index])
        output.append(":")
        output.append(json: text(index))
      }
      output.append("}")
    case .resume, .line, .opcode: break
    case .return, .yield, .await, .unwind, .exception:
      output.append(",\"value\":")
      output.append(json: text(0))
      guard event.kind == .exception, event.texts.count > 1, !text(1).isEmpty else { return }
      output.append(",\"message\":")
      output.append(json: text(1))
    case .builtinCall, .builtinReturn, .builtinException:
      output.append(",\"value\":")
      output.append(json: event.texts.isEmpty ? file.builtin(event.builtin) ?? [] : text(0))
    }
  }

  private static func names(of kind: EventKind) -> StaticString {
    switch kind {
    case .call: "{\"event\":\"call\",\"kind\":\"call\""
    case .resume: "{\"event\":\"call\",\"kind\":\"resume\""
    case .line: "{\"event\":\"line\",\"kind\":\"line\""
    case .return: "{\"event\":\"return\",\"kind\":\"return\""
    case .yield: "{\"event\":\"return\",\"kind\":\"yield\""
    case .await: "{\"event\":\"return\",\"kind\":\"await\""
    case .unwind: "{\"event\":\"return\",\"kind\":\"unwind\""
    case .exception: "{\"event\":\"exception\",\"kind\":\"exception\""
    case .opcode: "{\"event\":\"opcode\",\"kind\":\"opcode\""
    case .builtinCall: "{\"event\":\"c_call\",\"kind\":\"c_call\""
    case .builtinReturn: "{\"event\":\"c_return\",\"kind\":\"c_return\""
    case .builtinException: "{\"event\":\"c_exception\",\"kind\":\"c_exception\""
    }
  }
}
