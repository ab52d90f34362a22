import TraceFormat

/// One JSON object for each event, each on its own line: docs/json-lines.md.
///
/// The members equal those of a live trace, in the same order. Members that only recordings have
/// follow: a call's arguments (if values were recorded), the task, and the time in nanoseconds.
struct JSONLinesExport: EventExport {
  private let reader: TraceReader
  private let output: ExportOutput
  /// Cache of the part between the kind and the line, by function.
  private var functions = RenderedTexts()
  /// The part after the depth that identifies the thread, and the thread to which it belongs.
  private var place: [UInt8] = []
  private var (file, thread) = (-1, -1)
  /// The part before the function, by the raw value of the kind, from 1.
  private let beginnings: [[UInt8]]

  init(_ reader: TraceReader, to output: ExportOutput) {
    self.reader = reader
    self.output = output
    beginnings = EventKind.allCases.map { kind in
      Array("{\"event\":\"\(kind.pythonName)\",\"kind\":\"\(kind.name)\"".utf8)
    }
  }

  @inline(__always)
  mutating func add(_ event: DecodedEvent, of run: EventRun) {
    if run.thread != thread || run.file != file { change(to: run) }
    output.append(beginnings[Int(event.kind.rawValue) - 1])
    if !functions.write(event.mark.function, of: file, to: output) { name(event.mark.function) }
    output.append(decimal: event.mark.line)
    output.append(",\"depth\":")
    output.append(decimal: max(0, event.mark.depth))
    output.append(place)
    if event.hasTexts || event.kind.namesException || event.kind.isCCall {
      appendTexts(of: event, run)
    }
    if event.task != 0 {
      output.append(",\"task\":")
      output.append(decimal: event.task)
    }
    output.append(",\"time\":")
    output.append(decimal: reader.sinceStart(event.mark.time))
    output.append("}\n")
  }

  func finish() {}

  @inline(never)
  private mutating func change(to run: EventRun) {
    (file, thread) = (run.file, run.thread)
    place = Array(",\"thread\":\(thread)".utf8)
    if reader.files.count > 1 {
      place += Array(",\"process\":\(reader.files[file].header.processID)".utf8)
    }
  }

  /// Writes the names of a function for the first time, and caches them.
  @inline(never)
  private mutating func name(_ number: UInt32) {
    let file = reader.files[self.file]
    let function = file.function(number)
    let source = function.map { file.source(of: $0) } ?? []
    let text =
      Array(",\"function\":".utf8) + jsonString((function ?? .unknown).qualifiedName)
      + Array(",\"file\":".utf8) + jsonString(source) + Array(",\"line\":".utf8)
    output.append(text)
    if function != nil { functions.add(text, for: number, of: self.file) }
  }

  @inline(never)
  private func appendTexts(of event: DecodedEvent, _ run: EventRun) {
    let file = reader.files[run.file]
    let texts = run.texts(of: event)
    func text(_ index: Int) -> [UInt8] {
      index < texts.count ? file.text(at: texts[index]) ?? Array("(lost)".utf8) : []
    }
    switch event.kind {
    case .call:
      let names = file.function(event.mark.function)?.parameters ?? []
      output.append(",\"arguments\":{")
      for index in 0..<min(names.count, texts.count) {
        if index > 0 { output.append(",") }
        output.append(json: names[index])
        output.append(":")
        output.append(json: text(index))
        output.commit()
      }
      output.append("}")
    case let kind where kind.leaves || kind.namesException:
      output.append(",\"value\":")
      output.append(json: text(0))
      guard kind == .exception, texts.count > 1, !text(1).isEmpty else { return }
      output.append(",\"message\":")
      output.append(json: text(1))
    case let kind where kind.isCCall:
      output.append(",\"value\":")
      output.append(json: texts.isEmpty ? file.cFunction(event.cFunction) ?? [] : text(0))
    default: break
    }
  }
}
