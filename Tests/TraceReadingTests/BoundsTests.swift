import Glibc
import Testing
import TraceFormat
import TraceReading

extension FileTests {
  /// Reading a hostile file takes no more memory than documented.
  @Suite struct BoundsTests {
    /// 64 KB of text, to which two thousand calls refer a thousand times each: 128 GB in all.
    @Test func aTextBombIsTableBatchesOfFewMegabytes() throws {
      var builder = RecordingBuilder(chunkSize: 1 << 25)
      builder.define(functions: 3)
      let place = UInt64(builder.bytes.count + ChunkHeader.size)
      builder.add(
        .exception, mark(1, depth: 0), texts: [String(repeating: "x", count: 1 << 16)])
      for _ in 0..<2000 {
        builder.add(.call, mark(1, depth: 0), naming: Array(repeating: place, count: 1000))
      }
      let bytes = builder.finish()
      let before = peakMemory()
      let rows = ArrowTable.events.rows(of: try TraceReader(contents: bytes))
      var count = 0
      #expect(throws: ReadingError.self) {
        while let batch = try rows.nextBatch() { count += batch.count }
      }
      #expect(count > 4)
      #expect(peakMemory() - before < 200 << 20)
    }

    /// If the cost of a switch grew with the depth of the stacks, this would take minutes.
    @Test func deepStacksThatSwitchCostNoMoreThanOthers() throws {
      var builder = RecordingBuilder(chunkSize: 1 << 22)
      builder.define(functions: 3)
      let deep: Int32 = 50_000
      for stack in [UInt32(0), 1] {
        for depth in 0..<deep {
          builder.add(.call, mark(1, depth: depth, stack: stack))
        }
      }
      for turn in 0..<50_000 {
        builder.add(.line, mark(1, depth: deep - 1, stack: UInt32(turn % 2)))
      }
      let reader = try TraceReader(contents: builder.finish())
      let statistics = Statistics.of(reader) { _ in true }
      #expect(statistics.groups[0][1].calls == UInt64(deep) * 2)
    }

    @Test func callsThatNeverReturnAreFollowedUpToABound() throws {
      var builder = RecordingBuilder(chunkSize: 1 << 24)
      builder.define(functions: 3)
      for depth in 0..<Int32(600_000) { builder.add(.call, mark(1, depth: depth)) }
      let reader = try TraceReader(contents: builder.finish())
      let before = peakMemory()
      var callers = CallersView { _ in true }
      reader.walkCalls(ThreadSelection(), &callers)
      #expect(peakMemory() - before < 200 << 20)
      #expect(callers.tree.nodes.map { $0.count } == [600_000])
      #expect(reader.damage.count == 1)
      #expect(reader.damage[0].error.description.contains("calls run at once"))
    }

    @Test func longNamesAreCutAsTheRecorderCutsThem() throws {
      var builder = RecordingBuilder()
      let name = [UInt8](repeating: 0x61, count: 1 << 20)
      builder.define([
        .file(FileDefinition(number: 1, path: name)),
        .function(
          FunctionDefinition(
            number: 1, file: 1, firstLine: 1, callLine: 10, flags: 0, name: name,
            qualifiedName: [], parameters: [name])),
      ])
      let file = try TraceReader(contents: builder.finish()).files[0]
      let function = try #require(file.function(1))
      #expect(function.name.count == 1 << 16 + 3)
      #expect(function.parameters[0].count == 1 << 10 + 3)
      #expect(file.source(of: function).count == 4096 + 3)
    }

    @Test func theLastEventsAreReadFromTheEnd() throws {
      var builder = RecordingBuilder()
      builder.define(functions: 3)
      for index in 0..<20_000 {
        builder.add(.line, mark(1, depth: 0, time: UInt64(2000 + index)), thread: index % 2)
      }
      let reader = try TraceReader(contents: builder.finish())
      let begin = reader.seek(ThreadSelection(), last: 1000, until: .max).begin
      #expect(begin > 2000)
      var times: [UInt64] = []
      while let event = reader.next() { times.append(event.mark.time) }
      #expect(times.count >= 1000)
      #expect(times.count < 8000)
      let complete = times.filter { $0 >= begin }
      #expect(complete == Array(begin..<22_000))
      #expect(reader.seek(ThreadSelection(), last: .max, until: .max).begin == 0)
      #expect(reader.next()?.mark.time == 2000)
    }

    private func mark(
      _ function: UInt32, depth: Int32, stack: UInt32 = 0, time: UInt64 = 2000
    ) -> EventHeader {
      EventHeader(
        function: function, line: RecordingBuilder.callLine(function), depth: depth, stack: stack,
        time: time)
    }
  }

  @Suite struct SourceTextTests {
    @Test func linesEndAsPythonSays() {
      let source = SourceText(bytes: Array("a\r  b\r\nc\n\nd".utf8))
      #expect((0...6).map { source.line($0) } == ["", "a", "b", "c", "", "d", ""])
      #expect(source.count == 5)
    }

    @Test func theEncodingLineCounts() {
      let latin: [UInt8] = Array("# coding: latin-1\ns = '".utf8) + [0xE9, 0x27]
      #expect(SourceText(bytes: latin).line(2) == "s = 'é'")
      let other = Array("# coding: koi8-r\ns\n".utf8)
      #expect(SourceText(bytes: other).line(2) == "")
      let decoded = SourceText(bytes: other) { _, name in Array("\n\(name)".utf8) }
      #expect(decoded.line(2) == "koi8-r")
    }
  }
}
