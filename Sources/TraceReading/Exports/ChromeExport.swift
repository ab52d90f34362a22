import TraceFormat

/// The JSON of Chrome's trace viewer: an event at the beginning of a call, and one at its end.
///
/// Specification: "Trace Event Format", by the Chromium project. A call ends when its generator is
/// suspended; another one, of the category `resume`, begins when the generator resumes.
struct ChromeExport: CallExport {
  private let reader: TraceReader
  private let output: ExportOutput
  /// Names and source locations of functions, and names of C functions, as JSON.
  private var functions = RenderedTexts()
  private var builtins = RenderedTexts()
  /// `"pid":…,"tid":…` of the current track.
  private var place: [UInt8] = []
  /// `"pid":…,"tid":…` of each track of the thread, by `CallStack.lane`.
  private var places: [UInt64: [UInt8]] = [:]
  private var lane: UInt64 = 0
  /// Number of greenlets and tasks that have a track.
  private var lanes: UInt64 = 0
  private var isFirst = true

  init(_ reader: TraceReader, to output: ExportOutput) {
    self.reader = reader
    self.output = output
    output.append("{\"displayTimeUnit\":\"ns\",\"otherData\":{\"exporter\":\"swifttrace\"},")
    output.append("\"traceEvents\":[")
  }

  mutating func begin(_ thread: WalkedThread) {
    place = Self.place(thread, ThreadLabels.number(thread))
    (places, lane) = ([0: place], 0)
    name("process_name", ThreadLabels.process(thread.file))
    name("thread_name", ThreadLabels.thread(thread))
    open("M")
    output.append(",\"name\":\"thread_sort_index\",\"args\":{\"sort_index\":")
    output.append(decimal: thread.number)
    output.append("}}")
  }

  @inline(__always)
  mutating func enter(_ event: DecodedEvent, _ stack: inout CallStack, _ thread: WalkedThread) {
    if stack.lane != lane { change(to: stack, thread) }
    open("B")
    append(time: event.mark.time)
    let call = stack.top
    let isKnown =
      call.cFunction == 0
      ? functions.write(call.function, of: thread.fileIndex, to: output)
      : builtins.write(call.cFunction, of: thread.fileIndex, to: output)
    if !isKnown { name(call, thread) }
    if !call.isWhole { output.append(",\"began\":\"before\"") }
    if event.hasTexts, event.kind == .call { append(argumentsOf: event, thread) }
    output.append(
      stack.top.isResumed
        ? "},\"cat\":\"resume\"}"
        : stack.top.cFunction != 0 ? "},\"cat\":\"c\"}" : "},\"cat\":\"call\"}")
    output.commit()
  }

  @inline(__always)
  mutating func leave(
    _ end: CallEnd, at time: UInt64, _ event: DecodedEvent?, _ stack: inout CallStack,
    _ thread: WalkedThread
  ) {
    if stack.lane != lane { change(to: stack, thread) }
    open("E")
    append(time: time)
    if end != .returned || event?.hasTexts == true {
      append(end, event, thread)
    } else {
      output.append("}")
    }
    output.commit()
  }

  mutating func exception(
    _ event: DecodedEvent, isRaised: Bool, _ stack: inout CallStack, _ thread: WalkedThread
  ) {
    guard isRaised else { return }
    if stack.lane != lane { change(to: stack, thread) }
    open("i")
    append(time: event.mark.time)
    output.append(",\"s\":\"t\",\"cat\":\"exception\",\"name\":")
    output.append(json: thread.text(0, of: event) ?? Array("exception".utf8))
    output.append(",\"args\":{\"line\":")
    output.append(decimal: event.mark.line)
    if let message = thread.text(1, of: event), !message.isEmpty {
      output.append(",\"message\":")
      output.append(json: message)
    }
    output.append("}}")
    output.commit()
  }

  func finish() { output.append("\n]}\n") }

  @inline(__always)
  private mutating func open(_ phase: StaticString) {
    if isFirst {
      output.append("\n{\"ph\":\"")
      isFirst = false
    } else {
      output.append(",\n{\"ph\":\"")
    }
    output.append(phase)
    output.append(place)
  }

  /// Appends a time in microseconds, with three decimal places.
  @inline(__always)
  private func append(time: UInt64) {
    let time = reader.sinceStart(time)
    output.append(",\"ts\":")
    output.append(decimal: time / 1000)
    output.append(".")
    output.append(digitsOf: time % 1000, width: 3)
  }

  private mutating func name(_ what: StaticString, _ name: [UInt8]) {
    open("M")
    output.append(",\"name\":\"")
    output.append(what)
    output.append("\",\"args\":{\"name\":")
    output.append(json: name)
    output.append("}}")
  }

  /// Writes the name and location of a call's function for the first time, and caches them.
  @inline(never)
  private mutating func name(_ call: RunningCall, _ thread: WalkedThread) {
    if call.cFunction != 0 {
      let name = thread.file.cFunction(call.cFunction)
      let text =
        Array(",\"name\":".utf8) + jsonString(name ?? [0x3F]) + Array(",\"args\":{".utf8)
      output.append(text)
      if name != nil { builtins.add(text, for: call.cFunction, of: thread.fileIndex) }
      return
    }
    let function = thread.file.function(call.function)
    let source = function.map { thread.file.source(of: $0) } ?? []
    let place = source + Array(":\(function?.firstLine ?? 0)".utf8)
    let text =
      Array(",\"name\":".utf8) + jsonString((function ?? .unknown).label(in: thread.file))
      + Array(",\"args\":{\"file\":".utf8) + jsonString(place)
    output.append(text)
    if function != nil { functions.add(text, for: call.function, of: thread.fileIndex) }
  }

  @inline(never)
  private func append(argumentsOf event: DecodedEvent, _ thread: WalkedThread) {
    let names = thread.file.function(event.mark.function)?.parameters ?? []
    output.append(",\"arguments\":{")
    let texts = thread.texts(of: event)
    for (index, name) in names.prefix(texts.count).enumerated() {
      guard let text = thread.file.text(at: texts[index]) else { break }
      if index > 0 { output.append(",") }
      output.append(json: name)
      output.append(":")
      output.append(json: text)
      output.commit()
    }
    output.append("}")
  }

  /// Appends the way in which a call ended, and its value or exception.
  @inline(never)
  private func append(_ end: CallEnd, _ event: DecodedEvent?, _ thread: WalkedThread) {
    output.append(",\"args\":{\"left\":")
    output.append(json: end.name)
    if let event, !event.kind.isCCall, let value = thread.text(0, of: event) {
      output.append(end == .unwound ? ",\"exception\":" : ",\"value\":")
      output.append(json: value)
    }
    output.append("}}")
  }

  /// Switches to the track of a stack's greenlet or task. Each has its own in the viewer.
  @inline(never)
  private mutating func change(to stack: CallStack, _ thread: WalkedThread) {
    lane = stack.lane
    if let known = places[lane] {
      place = known
      return
    }
    lanes += 1
    place = Self.place(thread, 2 * ThreadLabels.firstFree + lanes)
    // Bounded: beyond 65,536 greenlets and tasks, those that continue later get another track.
    if places.count >= 1 << 16 { places = [:] }
    places[lane] = place
    name(
      "thread_name",
      ThreadLabels.thread(thread) + [0x20] + ThreadLabels.lane(stack, thread))
  }

  private static func place(_ thread: WalkedThread, _ number: UInt64) -> [UInt8] {
    Array("\",\"pid\":\(thread.file.header.processID),\"tid\":\(number)".utf8)
  }
}

extension CallEnd {
  /// Name of the event kind that ended the call (docs/json-lines.md), or `lost`.
  var name: String {
    switch self {
    case .returned: "return"
    case .yielded: "yield"
    case .awaited: "await"
    case .unwound: "unwind"
    case .lost: "lost"
    }
  }
}
