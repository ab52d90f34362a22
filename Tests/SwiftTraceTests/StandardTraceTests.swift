import SwiftTrace
import Testing

/// The strategies of `swifttrace.trace`, for hand-made events and without an interpreter.
@Suite struct StandardTraceTests {
  private let sink = TextSink.memory()

  @Test func linesOfCodeWithoutAFileAreNotCounted() throws {
    var counter = LineCounter(to: sink, ignoring: StandardIgnore(modules: [], folders: []))
    let event = LineEvent(
      function: Function(name: "main", file: "/path/file.py"), frame: Frame(), place: EventPlace(),
      line: 4)
    try counter.line(event)
    try counter.finish()
    #expect(sink.text == "[]\n")
    #expect(counter.interests == .line)
  }

  @Test func aFunctionIsListedOnce() throws {
    var told = 0
    var lister = FunctionLister { _ in told += 1 }
    for _ in 0..<3 {
      let event = CallEvent(
        kind: .call, function: Function(name: "add"), frame: Frame(), place: EventPlace(), line: 1)
      try lister.call(event)
    }
    #expect(told == 1)
  }

  @Test func theOutermostFunctionHasNoCaller() throws {
    var told = 0
    var lister = CallerLister { _ in told += 1 }
    let event = CallEvent(
      kind: .call, function: Function(name: "add"), frame: Frame(), place: EventPlace(), line: 1)
    try lister.call(event)
    #expect(told == 0)
  }
}
