import SwiftTrace
import TraceFormat
import TraceReading

/// Passes the events of a recording to strategies, as a session passes live ones.
struct ReplayDelivery {
  private let runners: [StrategyRunner]
  private let interests: EventSet
  private let functions: RecordedFunctions

  init(_ strategies: [any TracerStrategy], filter: CodeFilter) {
    runners = strategies.map { StrategyRunner.make($0) }
    interests = runners.reduce(into: []) { $0.formUnion($1.interests) }
    functions = RecordedFunctions(filter: filter)
  }

  /// Whether a strategy requests events of this kind.
  func wants(_ kind: EventKind) -> Bool { interests.includes(kind) }

  /// Whether the function of an event is shown.
  func shows(_ event: TraceEvent, in file: TraceFile) -> Bool {
    functions.function(event.mark.function, of: file, index: event.file)?.isShown ?? false
  }

  /// Passes an event to the strategies that request it.
  ///
  /// - Parameters:
  ///   - frame: duration of the event's frame.
  ///   - then: called after each strategy.
  func deliver(
    _ event: TraceEvent, _ place: EventPlace, _ frame: ReplayStacks.Place, from reader: TraceReader,
    then: () throws -> Void
  ) throws {
    let file = reader.files[event.file]
    guard
      let function = functions.function(event.mark.function, of: file, index: event.file)
    else { return }
    let texts = RecordedTexts()
    // The total is bounded, because an event may refer to a thousand strings of 64 KB.
    var room = 1 << 22
    for index in event.texts.indices {
      let text = reader.text(event, index) ?? Array("(lost)".utf8)
      room -= text.count
      // The second string of an exception is its message, which only JSON shows.
      texts.append(
        room >= 0 ? text : Array("...".utf8), isVerbatim: event.kind == .exception && index == 1)
    }
    if event.kind.isCCall, texts.isEmpty, let name = file.cFunction(event.cFunction) {
      texts.append(name)
    }
    for runner in runners where runner.interests.includes(event.kind) {
      try deliver(event, place, frame, function, texts, to: runner)
      try then()
    }
  }

  private func deliver(
    _ event: TraceEvent, _ place: EventPlace, _ frame: ReplayStacks.Place,
    _ function: RecordedFunction, _ texts: RecordedTexts, to runner: StrategyRunner
  ) throws {
    let line = event.mark.line
    if let kind = CallEvent.Kind(event.kind) {
      try runner.call(
        CallEvent(
          kind: kind, function: function.function, frame: texts.frame, place: place, line: line))
    } else if let kind = LineEvent.Kind(event.kind) {
      try runner.line(
        LineEvent(
          kind: kind, function: function.function, frame: Frame(), place: place, line: line))
    } else if let kind = ReturnEvent.Kind(event.kind) {
      let unwinds = event.kind.namesException
      try runner.return(
        ReturnEvent(
          kind: kind, function: function.function, frame: Frame(), place: place,
          value: unwinds ? nil : texts.value(0), exceptionType: unwinds ? texts.value(0) : nil,
          duration: frame.duration, isPartial: frame.isPartial, line: line))
    } else if let kind = CCallEvent.Kind(event.kind) {
      try runner.cCall(
        CCallEvent(
          kind: kind, function: function.function, frame: Frame(), place: place,
          callee: texts.value(0), line: line))
    } else {
      try runner.exception(
        ExceptionEvent(
          function: function.function, frame: Frame(), place: place,
          exceptionType: texts.value(0), message: texts.value(1), line: line))
    }
  }
}
