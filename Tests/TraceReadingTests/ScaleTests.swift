import Testing
import TraceFormat
import TraceReading

/// The cost of reading a large file, or one that claims to be large. The bounds are wide: they only
/// exclude work that grows with the square of the file's size.
extension FileTests {
  @Suite struct ScaleTests {
    #if DEBUG
      private static let scale = 3000
    #else
      private static let scale = 20_000
    #endif

    private func timed<Result>(_ body: () -> Result) -> (Result, Duration) {
      var result: Result?
      let time = ContinuousClock().measure { result = body() }
      return (result!, time)
    }

    /// Headers of chunks without events.
    private func chunks(_ count: Int, _ change: (Int, inout ChunkHeader) -> Void) -> [UInt8] {
      var bytes = RecordingBuilder.header().encoded()
      for index in 0..<count {
        var header = ChunkHeader(kind: .events, length: 4096)
        change(index, &header)
        bytes += header.encoded() + repeatElement(0, count: 4096 - ChunkHeader.size)
      }
      return bytes
    }

    @Test func chunksInTheWrongOrderAreSortedAtOnce() {
      let bytes = chunks(Self.scale) { index, header in header.sequence = UInt64(Self.scale - index)
      }
      let (found, time) = timed { Findings(bytes) }
      #expect(found.count == 0)
      #expect(time < .seconds(20))
    }

    @Test func aThreadForEachChunkIsRead() {
      let bytes = chunks(Self.scale) { index, header in header.thread = UInt32(index) &* 0x9E37_79B1
      }
      let before = peakMemory()
      let (found, time) = timed { Findings(bytes) }
      #expect(found.damage == [])
      #expect(time < .seconds(20))
      #expect(peakMemory() - before < 256 << 20)
    }

    @Test func damageInEachChunkIsPassedOver() {
      var bytes = chunks(Self.scale) { index, header in header.sequence = UInt64(index) }
      for index in stride(from: 1, to: Self.scale, by: 2) { bytes[4096 * (index + 1)] = 1 }
      let (found, time) = timed { Findings(bytes) }
      #expect(found.damage.count == 100)
      #expect(time < .seconds(20))
    }

    @Test func zerosArePassedOver() {
      let bytes =
        RecordingBuilder.header().encoded() + [UInt8](repeating: 0, count: Self.scale << 12)
      let (found, time) = timed { Findings(bytes) }
      #expect(found.damage == [])
      #expect(time < .seconds(20))
    }

    /// The events of many threads are merged by time.
    @Test func threadsAreMergedByTime() throws {
      var builder = RecordingBuilder()
      builder.define(functions: 3)
      let threads = 300
      builder.add(threads: UInt32(threads))
      var numbers = Numbers(1)
      var expected: [UInt64] = []
      for index in 0..<30_000 {
        let thread = Int(numbers.next() % UInt64(threads))
        let time = UInt64(5000 + index * 7)
        let mark = EventHeader(function: UInt32(thread % 3) + 1, line: 1, depth: 0, time: time)
        builder.add(.line, mark, thread: thread)
        expected.append(time)
      }
      let reader = try TraceReader(contents: builder.finish())
      var times: [UInt64] = []
      while let event = reader.next() { times.append(event.mark.time) }
      #expect(times == expected)
      #expect(reader.damage == [])
    }

    /// A text may be as long as the format allows, and cross the borders of the reader's blocks.
    @Test func longTextsAreRead() throws {
      var builder = RecordingBuilder(chunkSize: 1 << 20)
      builder.define(functions: 1)
      var texts: [String] = []
      for index in 0..<100 {
        let text = String(repeating: "é", count: index * 7919 % 30_000) + "\(index)"
        texts.append(text)
        builder.add(
          .return, EventHeader(function: 1, line: 1, depth: 0, time: UInt64(5000 + index)),
          texts: [text])
      }
      let reader = try TraceReader(contents: builder.finish())
      var read: [String] = []
      while let event = reader.next() {
        read.append(String(decoding: reader.text(event, 0) ?? [], as: UTF8.self))
      }
      #expect(read == texts)
      #expect(reader.damage == [])
    }
  }
}
