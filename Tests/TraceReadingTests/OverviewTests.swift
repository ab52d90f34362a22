import Testing
import TraceFormat
import TraceReading

@Suite struct OverviewTests {
  @Test func eventsAreCountedByThreadAndKind() throws {
    var builder = sampleRecording(events: 3000)
    let bytes = builder.finish()
    let reader = try TraceReader(contents: bytes)
    let overview = Overview.of(reader)
    let threads = try #require(overview?.files.first)
    #expect(threads.map(\.index) == [0, 1, 2])
    for thread in threads {
      let events = builder.events[thread.index] ?? []
      for kind in EventKind.allCases {
        #expect(
          thread.events[Int(kind.rawValue)] == UInt64(events.count { $0.kind == kind }))
      }
      #expect(thread.times?.lowerBound == events.first?.mark.time)
      #expect(thread.times?.upperBound == events.last?.mark.time)
      #expect(thread.tasks == 0)
    }
    #expect(reader.damage == [])
  }

  @Test func readingCanBeStopped() throws {
    var builder = RecordingBuilder(chunkSize: 1 << 20)
    builder.define(functions: 1)
    for index in 0..<300_000 {
      builder.add(
        .line, EventHeader(function: 1, line: 1, depth: 0, time: UInt64(2000 + index)))
    }
    let reader = try TraceReader(contents: builder.finish())
    var seen: UInt64 = 0
    let overview = Overview.of(reader) { total in
      seen = total
      return false
    }
    #expect(overview == nil)
    #expect(seen >= 1 << 18 && seen < 300_000)
  }

  @Test func theEndOfTheProgramIsReadWithinBounds() throws {
    let frame = UncaughtException.Frame(
      file: [0xFF] + Array(repeating: 0x61, count: 10_000), line: 3, function: Array("f".utf8))
    let end = ProgramEnd(
      status: 1,
      exception: UncaughtException(
        className: Array("KeyError".utf8), message: Array("x".utf8), frames: [frame], omitted: 2))
    var builder = RecordingBuilder()
    builder.define([.end(ProgramEnd(status: 0)), .end(end)])
    let reader = try TraceReader(contents: builder.finish())
    let read = try #require(reader.files[0].programEnd)
    #expect(read.status == 1)
    #expect(read.exception?.message == Array("x".utf8))
    #expect(read.exception?.omitted == 2)
    let file = try #require(read.exception?.frames.first?.file)
    #expect(file.count < 5000)
    #expect(String(validating: file, as: UTF8.self) != nil)
    #expect(reader.damage == [])
    #expect(try TraceReader(contents: RecordingBuilder().bytes).files[0].programEnd == nil)
  }
}
