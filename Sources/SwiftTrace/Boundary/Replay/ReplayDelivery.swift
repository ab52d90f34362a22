import TraceFormat
import TraceReading

/// Hands the events of a recording to a strategy, as a session hands on live ones.
@safe struct ReplayDelivery {
  private let runner: StrategyRunner
  private let functions: RecordedFunctions

  init(_ strategy: any TracerStrategy, filter: CodeFilter) {
    runner = StrategyRunner.make(strategy)
    functions = RecordedFunctions(filter: filter)
  }

  /// Whether the strategy asks for such events.
  func wants(_ kind: EventKind) -> Bool { runner.interests.contains(EventSet(kind)) }

  /// Whether a function is shown.
  func shows(_ event: TraceEvent, in file: TraceFile) -> Bool {
    guard let record = unsafe functions.record(event.mark.function, of: file, index: event.file)
    else { return false }
    return unsafe record.pointee.isTraced
  }

  /// Hands on an event.
  ///
  /// - Parameter duration: of a frame that is left: nanoseconds since it was entered.
  func deliver(_ event: TraceEvent, _ place: EventPlace, duration: UInt64, from reader: TraceReader)
    throws
  {
    let file = reader.files[event.file]
    guard let record = unsafe functions.record(event.mark.function, of: file, index: event.file)
    else { return }
    var texts: [UnsafePointer<RecordedText>] = unsafe []
    defer { for index in unsafe texts.indices { unsafe RecordedText.free(texts[index]) } }
    for index in event.texts.indices {
      unsafe texts.append(RecordedText.make(reader.text(event, index) ?? Array("(lost)".utf8)))
    }
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
          exceptionType: unwinds ? Value.recorded(value(0)) : nil, duration: duration, line: line))
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
      let number = Int(event.builtin)
      if unsafe texts.isEmpty, number < file.builtins.count, let name = file.builtins[number] {
        unsafe texts.append(RecordedText.make(name))
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
  /// What a strategy must ask for to get such events.
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
