import Testing
import TraceFormat
import TraceReading

/// A visitor that stores its calls as text.
private struct Log: CallVisitor {
  var lines: [String] = []

  mutating func begin(_ thread: WalkedThread) { lines.append("thread \(thread.number)") }

  mutating func enter(_ event: DecodedEvent, _ stack: inout CallStack, _ thread: WalkedThread) {
    let call = stack.top
    let name = call.cFunction > 0 ? "len" : "f\(call.function)"
    let how = call.isResumed ? "resume" : call.isWhole ? "call" : "found"
    lines.append("\(how) \(name)" + (call.isRecursive ? " again" : ""))
  }

  mutating func leave(
    _ end: CallEnd, at time: UInt64, _ event: DecodedEvent?, _ stack: inout CallStack,
    _ thread: WalkedThread
  ) {
    let times = stack.times(at: time)
    lines.append("\(end) f\(stack.top.function) \(times.total) \(times.own)")
  }

  mutating func exception(
    _ event: DecodedEvent, isRaised: Bool, _ stack: inout CallStack, _ thread: WalkedThread
  ) {
    lines.append("\(isRaised ? "raised" : "arrived") f\(stack.top.function)")
  }

  mutating func gap(_ thread: WalkedThread) { lines.append("gap") }
}

@Suite struct CallTests {
  /// The visits of events of one thread: kind, function, depth, time and stack.
  private func log(
    _ events: [(EventKind, UInt32, Int32, UInt64, UInt32)], isKilled: Bool = false
  ) throws -> [String] {
    var builder = RecordingBuilder()
    builder.define(functions: 5)
    builder.add(threads: 1)
    for (kind, function, depth, time, stack) in events {
      let line = RecordingBuilder.callLine(function)
      builder.add(
        kind,
        EventHeader(function: function, line: line, depth: depth, stack: stack, time: 2000 + time),
        cFunction: kind.isCCall ? 1 : 0)
    }
    let reader = try TraceReader(contents: builder.finish(isKilled: isKilled))
    var log = Log()
    reader.walkCalls(ThreadSelection(), &log)
    return log.lines
  }

  @Test func timeBelongsToTheInnermost() throws {
    #expect(
      try log([
        (.call, 1, 0, 0, 0), (.line, 1, 0, 5, 0), (.call, 2, 1, 10, 0), (.call, 2, 2, 30, 0),
        (.return, 2, 2, 60, 0), (.return, 2, 1, 70, 0), (.return, 1, 0, 100, 0),
      ]) == [
        "thread 0", "call f1", "call f2", "call f2 again", "returned f2 30 30", "returned f2 60 30",
        "returned f1 100 40",
      ])
  }

  @Test func generatorsGoOn() throws {
    #expect(
      try log([
        (.call, 1, 0, 0, 0), (.call, 2, 1, 10, 0), (.yield, 2, 1, 20, 0), (.resume, 2, 1, 50, 0),
        (.return, 2, 1, 55, 0), (.return, 1, 0, 60, 0),
      ]) == [
        "thread 0", "call f1", "call f2", "yielded f2 10 10", "resume f2", "returned f2 5 5",
        "returned f1 60 45",
      ])
  }

  @Test func whatAKilledProcessLeftIsLost() throws {
    #expect(
      try log(
        [(.call, 1, 0, 0, 0), (.call, 2, 1, 10, 0), (.line, 2, 1, 40, 0)], isKilled: true)
        == ["thread 0", "call f1", "call f2", "lost f2 30 30", "lost f1 40 10"])
  }

  @Test func framesThatWereThereBeforeAreFound() throws {
    #expect(
      try log([
        (.call, 2, 3, 0, 0), (.return, 2, 3, 10, 0), (.line, 1, 2, 20, 0), (.return, 1, 2, 30, 0),
      ]) == ["thread 0", "call f2", "returned f2 10 10", "found f1", "returned f1 10 10"])
  }

  @Test func exceptionsAreRaisedOnce() throws {
    #expect(
      try log([
        (.call, 1, 0, 0, 0), (.call, 2, 1, 1, 0), (.exception, 2, 1, 2, 0), (.unwind, 2, 1, 3, 0),
        (.exception, 1, 0, 4, 0), (.line, 1, 0, 5, 0), (.exception, 1, 0, 6, 0),
        (.unwind, 1, 0, 7, 0),
      ]) == [
        "thread 0", "call f1", "call f2", "raised f2", "unwound f2 2 2", "arrived f1", "raised f1",
        "unwound f1 7 5",
      ])
  }

  /// While another greenlet runs, a greenlet's stack and time do not change.
  @Test func stacksStandStillMeanwhile() throws {
    #expect(
      try log([
        (.call, 1, 0, 0, 0), (.call, 2, 0, 10, 7), (.line, 1, 0, 30, 0), (.return, 1, 0, 40, 0),
        (.return, 2, 0, 100, 7),
      ]) == ["thread 0", "call f1", "call f2", "returned f1 20 20", "returned f2 20 20"])
  }

  @Test func functionsWrittenInCAreCallsToo() throws {
    #expect(
      try log([
        (.call, 1, 0, 0, 0), (.cCall, 1, 0, 10, 0), (.call, 2, 1, 20, 0),
        (.return, 2, 1, 30, 0), (.cReturn, 1, 0, 50, 0), (.return, 1, 0, 60, 0),
      ]) == [
        "thread 0", "call f1", "call len", "call f2", "returned f2 10 10", "returned f0 40 30",
        "returned f1 60 20",
      ])
  }

  /// For any bytes, every `enter` has its `leave`, and nothing traps.
  @Test func hostileEventsAreWalked() throws {
    struct Balance: CallVisitor {
      var depth = 0
      mutating func enter(
        _ event: DecodedEvent, _ stack: inout CallStack, _ thread: WalkedThread
      ) { depth += 1 }
      mutating func leave(
        _ end: CallEnd, at time: UInt64, _ event: DecodedEvent?, _ stack: inout CallStack,
        _ thread: WalkedThread
      ) { depth -= 1 }
    }
    var numbers = Numbers(11)
    for _ in 0..<40 {
      var builder = RecordingBuilder()
      builder.define(functions: 5)
      builder.add(threads: 1)
      for time in 0..<200 {
        let kind = EventKind(rawValue: UInt8(numbers.next() % 12) + 1)!
        let deep = numbers.next() % 20 == 0
        builder.add(
          kind,
          EventHeader(
            function: UInt32(numbers.next() % 5) + 1, line: Int32(numbers.next() % 90),
            depth: Int32(numbers.next() % (deep ? 100_000 : 6)), stack: UInt32(numbers.next() % 3),
            time: 2000 + UInt64(time)), cFunction: kind.isCCall ? 1 : 0)
      }
      let contents = builder.finish(isKilled: true)
      let reader = try TraceReader(contents: contents)
      var balance = Balance()
      reader.walkCalls(ThreadSelection(), &balance)
      #expect(balance.depth == 0)
      let statistics = Statistics.of(reader, lines: true) { _ in true }
      #expect(statistics.groups.count == 1)
      var comparison = Comparison(reader, reader)
      comparison.run { _ in true }
      #expect(comparison.divergences.isEmpty)
      for found in [comparison.firstStatistics, comparison.secondStatistics] {
        #expect(found.groups[0].functions == statistics.groups[0].functions)
        #expect(found.groups[0].duration == statistics.groups[0].duration)
      }
    }
  }
}
