import TraceFormat
import TraceReading

/// Hands the events of a recording to strategies, as a session hands on live ones.
@safe struct ReplayDelivery {
  private let runners: [StrategyRunner]
  private let interests: EventSet
  private let functions: RecordedFunctions

  init(_ strategies: [any TracerStrategy], filter: CodeFilter) {
    runners = strategies.map { StrategyRunner.make($0) }
    interests = runners.reduce(into: []) { $0.formUnion($1.interests) }
    functions = RecordedFunctions(filter: filter)
  }

  /// Whether a strategy asks for such events.
  func wants(_ kind: EventKind) -> Bool { interests.contains(EventSet(kind)) }

  /// Whether a function is shown.
  func shows(_ event: TraceEvent, in file: TraceFile) -> Bool {
    guard let record = unsafe functions.record(event.mark.function, of: file, index: event.file)
    else { return false }
    return unsafe record.pointee.head.is_traced
  }

  /// Hands on an event.
  ///
  /// - Parameters:
  ///   - frame: how long the frame has been running.
  ///   - then: called after each strategy that has had it.
  func deliver(
    _ event: TraceEvent, _ place: EventPlace, _ frame: ReplayStacks.Place, from reader: TraceReader,
    then: () throws -> Void
  ) throws {
    let file = reader.files[event.file]
    guard let record = unsafe functions.record(event.mark.function, of: file, index: event.file)
    else { return }
    var texts: [UnsafePointer<RecordedText>] = unsafe []
    defer { for index in unsafe texts.indices { unsafe RecordedText.free(texts[index]) } }
    // The shown texts are bounded: an event may name a thousand texts of 64 KB.
    var room = 1 << 22
    for index in event.texts.indices {
      let text = reader.text(event, index) ?? Array("(lost)".utf8)
      room -= text.count
      // The second text of an exception is its message, which only JSON has.
      unsafe texts.append(
        RecordedText.make(
          room >= 0 ? text : Array("...".utf8), isVerbatim: event.kind == .exception && index == 1))
    }
    if event.kind.isBuiltin, unsafe texts.isEmpty, let name = file.builtin(event.builtin) {
      unsafe texts.append(RecordedText.make(name))
    }
    for runner in runners where runner.interests.contains(EventSet(event.kind)) {
      try unsafe deliver(event, place, frame, record, texts, to: runner)
      try then()
    }
  }

  private func deliver(
    _ event: TraceEvent, _ place: EventPlace, _ frame: ReplayStacks.Place,
    _ record: UnsafeMutablePointer<FunctionRecord>, _ texts: [UnsafePointer<RecordedText>],
    to runner: StrategyRunner
  ) throws {
    func value(_ index: Int) -> UnsafePointer<RecordedText>? {
      unsafe index < texts.count ? texts[index] : nil
    }
    let line = event.mark.line
    switch event.kind {
    case .call, .resume:
      try unsafe texts.withUnsafeBufferPointer { texts in
        var arguments = unsafe RecordedArguments(texts: texts)
        try unsafe withUnsafePointer(to: &arguments) { arguments in
          try unsafe runner.call(
            CallEvent(
              kind: event.kind == .call ? .call : .resume, function: Function(record),
              frame: Frame(recorded: arguments), place: place, line: line))
        }
      }
    case .line, .opcode:
      try unsafe runner.line(
        LineEvent(
          kind: event.kind == .line ? .line : .opcode, function: Function(record), frame: Frame(),
          place: place, line: line))
    case .return, .yield, .await, .unwind:
      let unwinds = event.kind == .unwind
      try unsafe runner.return(
        ReturnEvent(
          kind: ReturnEvent.Kind(event.kind), function: Function(record), frame: Frame(),
          place: place, value: unwinds ? nil : Value.recorded(value(0)),
          exceptionType: unwinds ? Value.recorded(value(0)) : nil, duration: frame.duration,
          isPartial: frame.isPartial, line: line))
    case .exception:
      try unsafe runner.exception(
        ExceptionEvent(
          function: Function(record), frame: Frame(), place: place,
          exceptionType: Value.recorded(value(0)), message: Value.recorded(value(1)), line: line))
    case .builtinCall, .builtinReturn, .builtinException:
      let kind: BuiltinEvent.Kind =
        switch event.kind {
        case .builtinCall: .call
        case .builtinReturn: .return
        default: .exception
        }
      try unsafe runner.builtin(
        BuiltinEvent(
          kind: kind, function: Function(record), frame: Frame(), place: place,
          callee: Value.recorded(value(0)), line: line))
    }
  }
}

extension Value {
  /// The value of a recorded text, or none.
  @_lifetime(immortal)
  fileprivate static func recorded(_ text: UnsafePointer<RecordedText>?) -> Value? {
    guard let text = unsafe text else { return nil }
    return unsafe Value(recorded: text)
  }
}

extension ReturnEvent.Kind {
  fileprivate init(_ kind: EventKind) {
    self =
      switch kind {
      case .yield: .yield
      case .await: .await
      case .unwind: .unwind
      default: .return
      }
  }
}

extension EventSet {
  /// The events that a strategy must request to get such events.
  fileprivate init(_ kind: EventKind) {
    self =
      switch kind {
      case .call, .resume: .call
      case .line: .line
      case .return, .yield, .await, .unwind: .return
      case .exception: .exception
      case .opcode: .opcode
      case .builtinCall, .builtinReturn, .builtinException: .builtin
      }
  }
}
