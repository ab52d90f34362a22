import SwiftTrace
import Testing

/// The lines of each logger, for hand-made events and without an interpreter.
@Suite struct LoggerTests {
  private let sink = TextSink.memory()

  private func call(
    _ name: String, line: Int32, kind: CallEvent.Kind = .call, depth: Int = 0, thread: Int = 0,
    to logger: inout some TracerStrategy
  ) throws {
    let event = CallEvent(
      kind: kind, function: Function(name: name), frame: Frame(),
      place: EventPlace(thread: thread, depth: depth), line: line)
    try logger.call(event)
  }

  private func leave(
    _ name: String, _ kind: ReturnEvent.Kind, value: consuming Value? = nil,
    exceptionType: consuming Value? = nil, duration: UInt64 = 0,
    depth: Int = 0, to logger: inout some TracerStrategy
  ) throws {
    let event = ReturnEvent(
      kind: kind, function: Function(name: name), frame: Frame(), place: EventPlace(depth: depth),
      value: value, exceptionType: exceptionType, duration: duration)
    try logger.return(event)
  }

  private func line(_ number: Int32, to logger: inout some TracerStrategy) throws {
    let event = LineEvent(
      function: Function(name: "main", file: "/path/file.py"), frame: Frame(), place: EventPlace(),
      line: number)
    try logger.line(event)
  }

  @Test func callLoggerTellsCallsFromResumptions() throws {
    var logger = CallLogger(to: sink)
    try call("foo", line: 3, to: &logger)
    try call("numbers", line: 8, kind: .resume, to: &logger)
    #expect(sink.text == "Call to foo at line 3\nResuming numbers at line 8\n")
    #expect(logger.interests == .call)
  }

  @Test func lineLoggerNamesTheFile() throws {
    var logger = LineLogger(to: sink)
    try line(4, to: &logger)
    try line(12345, to: &logger)
    #expect(
      sink.text
        == "Executing line 4 in /path/file.py\nExecuting line 12345 in /path/file.py\n")
    #expect(logger.interests == .line)
  }

  @Test func returnLoggerTellsApartHowAFrameIsLeft() throws {
    var logger = ReturnLogger(to: sink)
    try leave("add", .return, value: Value(literal: "7"), to: &logger)
    try leave("numbers", .yield, value: Value(literal: "1"), to: &logger)
    try leave("fetch", .await, value: Value(literal: "<Future>"), to: &logger)
    try leave("fail", .unwind, exceptionType: Value(literal: "KeyError"), to: &logger)
    #expect(
      sink.text == """
        Returning from add with value 7
        Yielding from numbers with value 1
        Awaiting in fetch
        Unwinding fail with KeyError

        """)
  }

  @Test func eventLoggerPrintsAllThree() throws {
    var logger = EventLogger(to: sink)
    try call("main", line: 1, to: &logger)
    try line(18, to: &logger)
    try leave("main", .return, value: Value(literal: "None"), to: &logger)
    try leave("main", .unwind, exceptionType: Value(literal: "KeyError"), to: &logger)
    #expect(
      sink.text == """
        Calling function: main
        Executing line 18 in main:/path/file.py
        main returned None
        main raised KeyError

        """)
    #expect(logger.interests == [.call, .line, .return])
  }

  @Test func treeLoggerIndentsByDepthAndNamesTheThread() throws {
    var logger = TreeLogger(to: sink)
    try call("main", line: 1, to: &logger)
    try call("add", line: 2, depth: 1, to: &logger)
    try leave("add", .return, value: Value(literal: "3"), duration: 1_250, depth: 1, to: &logger)
    try call("worker", line: 5, thread: 2, to: &logger)
    #expect(sink.text == "main()\n  add()\n  └ 3  1.2 µs\n[2] worker()\n")
    #expect(logger.needsTime)
  }

  @Test func jsonLoggerPrintsAnObjectForEachEvent() throws {
    var logger = JSONLogger(to: sink)
    try call("main", line: 1, kind: .resume, depth: 2, thread: 1, to: &logger)
    try leave("main", .yield, value: Value(literal: "'a\"\n\u{1}é'"), to: &logger)
    try leave("main", .unwind, exceptionType: Value(literal: "KeyError"), to: &logger)
    #expect(
      sink.text == #"""
        {"event":"call","kind":"resume","function":"main","file":"","line":1,"depth":2,"thread":1}
        {"event":"return","kind":"yield","function":"main","file":"","line":0,"depth":0,"thread":0,"value":"'a\"\n\u0001é'"}
        {"event":"return","kind":"unwind","function":"main","file":"","line":0,"depth":0,"thread":0,"value":"KeyError"}

        """#)
    #expect(logger.interests == .settrace)
  }

  @Test(arguments: [
    (0, "0 ns"), (999, "999 ns"), (1_000, "1.0 µs"), (99_999, "99.9 µs"), (100_000, "100 µs"),
    (1_000_000, "1.0 ms"), (2_500_000_000, "2.5 s"), (7_200_000_000_000, "7200 s"),
  ])
  func durationsHaveThreeDigitsOrFewer(nanoseconds: UInt64, text: String) {
    var buffer = LineBuffer(capacity: 16)
    buffer.append(duration: nanoseconds)
    #expect(buffer.string == text)
  }

  @Test func aLineThatFailsLeavesNothingBehind() throws {
    struct Failure: Error {}
    #expect(throws: Failure.self) {
      try sink.write { line in
        line.append("half a line")
        throw Failure()
      }
    }
    try sink.write { line in line.append("whole") }
    #expect(sink.text == "whole\n")
  }
}
