import Testing
import TraceFormat
import TraceReading

@Suite struct ComparisonTests {
  /// A recording of a function with `lines` line events, in each of `threads` threads.
  private func recording(
    lines: Int, threads: Int = 1, options: [String] = [], instructions: Bool = false
  ) throws -> TraceReader {
    var header = RecordingBuilder.header()
    header.options = options
    var builder = RecordingBuilder(header)
    builder.define(functions: 2)
    builder.add(threads: UInt32(threads))
    var time: UInt64 = 5000
    for thread in 0..<threads {
      func add(_ kind: EventKind, _ function: UInt32, _ line: Int32, _ depth: Int32) {
        time += 10
        let mark = EventHeader(function: function, line: line, depth: depth, time: time)
        builder.add(kind, mark, thread: thread)
      }
      add(.call, 1, 10, 0)
      for line in 0..<lines {
        add(.line, 1, Int32(11 + line % 5000), 0)
        if instructions { add(.opcode, 1, Int32(11 + line % 5000), 0) }
      }
    }
    return try TraceReader(contents: builder.finish())
  }

  private func compare(_ first: TraceReader, _ second: TraceReader) -> Comparison {
    var comparison = Comparison(first, second)
    comparison.run { _ in true }
    return comparison
  }

  /// Also if the thread ends exactly at the end of a batch of events.
  @Test(arguments: [0, 1, 1022, 1023, 1024, 3000])
  func aThreadThatIsOverIsFound(lines: Int) throws {
    let (short, long) = (try recording(lines: lines), try recording(lines: lines + 1))
    for isSwapped in [false, true] {
      let found = isSwapped ? compare(long, short) : compare(short, long)
      #expect(found.same == UInt64(lines + 1))
      #expect(found.sameThreads == 0)
      let divergence = try #require(found.divergences.first)
      #expect(divergence.difference == .path)
      let (over, other) =
        isSwapped
        ? (divergence.second, divergence.first) : (divergence.first, divergence.second)
      #expect(over.event == nil)
      #expect(other.event?.kind == .line)
      #expect((over.count, other.count) == (UInt64(lines + 1), UInt64(lines + 1)))
      #expect(over.stack.map { $0.function } == [1])
      // Events after the divergence are counted too.
      let counted = isSwapped ? found.firstStatistics : found.secondStatistics
      #expect(counted.groups.first?.events[Int(EventKind.line.rawValue)] == UInt64(lines + 1))
    }
  }

  @Test func whatOneAloneWasAskedForIsPassedOver() throws {
    let plain = try recording(lines: 3000)
    let full = try recording(lines: 3000, options: ["--opcodes"], instructions: true)
    for found in [compare(plain, full), compare(full, plain)] {
      #expect(found.divergences.isEmpty)
      #expect((found.same, found.sameThreads) == (3001, 1))
    }
    let less = try recording(lines: 2000, options: ["--opcodes"], instructions: true)
    let divergence = try #require(compare(plain, less).divergences.first)
    #expect((divergence.first.count, divergence.second.count) == (2001, 4001))
  }

  @Test func aThreadThatOneHasAloneIsCounted() throws {
    let found = compare(try recording(lines: 5), try recording(lines: 5, threads: 3))
    #expect(found.onlyInFirst.isEmpty)
    #expect(found.onlyInSecond.map { $0.thread } == [1, 2])
    #expect((found.sameThreads, found.same) == (1, 6))
    #expect(found.secondStatistics.groups.map { $0[1].calls } == [3])
  }
}
