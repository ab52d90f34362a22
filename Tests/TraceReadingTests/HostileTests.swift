import Glibc
import Testing
import TraceFormat
import TraceReading

/// Everything that a reader finds in a file of any content.
struct Findings {
  var events: [Int: [TraceEvent]] = [:]
  var texts = 0
  var damage: [Damage] = []
  var error: ReadingError?
  var reader: TraceReader?

  var count: Int { events.values.reduce(0) { $0 + $1.count } }

  init(_ bytes: [UInt8]) {
    do {
      let reader = try TraceReader(contents: bytes)
      self.reader = reader
      // Every event takes at least two bytes.
      while let event = reader.next(), count(event) <= bytes.count {
        for index in event.texts.indices where reader.text(event, index) != nil { texts += 1 }
        _ = reader.files[0].function(event.mark.function)
        _ = reader.files[0].cFunction(event.cFunction)
      }
      for thread in reader.files[0].threads.keys { _ = reader.files[0].dropped(of: thread) }
      damage = reader.damage
      reader.refresh()
      #expect(reader.next() == nil)
    } catch { self.error = error }
    #expect(count <= bytes.count / 2)
    #expect(damage.count <= 100)
    #expect(damage.allSatisfy { $0.error.offset <= bytes.count })
  }

  private mutating func count(_ event: TraceEvent) -> Int {
    events[event.thread, default: []].append(event)
    return count
  }
}

/// Serialized, because these tests measure the memory of the process.
@Suite(.serialized) enum FileTests {}

extension FileTests {
  @Suite struct HostileTests {
    #if DEBUG
      private static let mutations = 2000
      private static let step = 7
    #else
      private static let mutations = 20_000
      private static let step = 1
    #endif
    private let sample: [UInt8]
    private let written: [Int: [EventHeader]]

    init() {
      var builder = sampleRecording()
      sample = builder.finish()
      written = builder.events.mapValues { $0.map { $0.mark } }
    }

    @Test func theSampleIsReadAsItWasWritten() {
      let found = Findings(sample)
      #expect(found.damage == [])
      #expect(found.events.mapValues { $0.map { $0.mark } } == written)
      #expect(found.texts > 90)
    }

    @Test func eachPrefixIsReadUpToItsEnd() {
      let total = Findings(sample).count
      for count in stride(from: 0, to: sample.count, by: Self.step) {
        let found = Findings(Array(sample[..<count]))
        for (thread, events) in found.events {
          #expect(events.map { $0.mark } == Array(written[thread]!.prefix(events.count)))
        }
        #expect(
          found.error != nil || found.damage != [] || found.count == total
            // Without its entry in the thread directory, a thread's events are unknown.
            || found.reader?.files[0].threads.isEmpty == true)
        if count >= 4096 { #expect(found.error == nil) }
      }
    }

    /// `make fuzz` sets `SWIFTTRACE_MUTATIONS=1000000`.
    @Test func aMutatedFileDoesNoHarm() {
      let count = Int(getenv: "SWIFTTRACE_MUTATIONS") ?? Self.mutations
      let before = peakMemory()
      var damaged = 0
      for seed in 0..<count {
        var mutation = Mutation(seed: UInt64(seed))
        var bytes = mutation.mutate(sample)
        // A reader stops early at a wrong checksum.
        if seed % 2 == 1 { renewChecks(of: &bytes) }
        let found = Findings(bytes)
        if found.error != nil || found.damage != [] { damaged += 1 }
      }
      #expect(damaged > count / 4)
      #expect(peakMemory() - before < 64 << 20)
    }

    /// Views, tables and exports of a tenth as many files, because each is read twenty times.
    @Test func aMutatedFileDoesNoHarmToWhatIsDrawnFromIt() {
      let count = (Int(getenv: "SWIFTTRACE_MUTATIONS") ?? Self.mutations) / 10
      let null = unsafe open("/dev/null", O_WRONLY)
      defer { close(null) }
      #expect(drawEverything(from: sample, to: null))
      for seed in 0..<count {
        var mutation = Mutation(seed: UInt64(seed))
        var bytes = mutation.mutate(sample)
        if seed % 2 == 1 { renewChecks(of: &bytes) }
        #expect(drawEverything(from: bytes, to: null), "seed \(seed)")
      }
    }

    /// Extreme lengths, counts, depths, lines and times, in files whose checksums are correct.
    @Test func extremeNumbersDoNoHarm() {
      let count = (Int(getenv: "SWIFTTRACE_MUTATIONS") ?? Self.mutations) / 5
      let first = Int(getenv: "SWIFTTRACE_FIRST_SEED") ?? 0
      var builder = sampleRecording(events: 120)
      let sample = builder.finish()
      var renewed = sample
      renewChecks(of: &renewed)
      #expect(renewed == sample)
      let null = unsafe open("/dev/null", O_WRONLY)
      defer { close(null) }
      let before = peakMemory()
      for seed in first..<(first + count) {
        var mutation = Mutation(seed: UInt64(seed))
        let bytes = mutation.exaggerate(sample)
        _ = Findings(bytes)
        #expect(drawEverything(from: bytes, to: null), "seed \(seed)")
      }
      #expect(peakMemory() - before < 256 << 20)
    }

    /// If one chunk is lost, the reader returns all other events and reports the chunk's offset.
    @Test func whatIsIntactIsShown() throws {
      for page in stride(from: 4096, to: sample.count, by: 4096) {
        var bytes = sample
        let header = try #require(
          try ChunkHeader.decode(sample.span.extracting(page..<(page + 64)), at: 0))
        guard header.kind == .events else { continue }
        for index in page..<(page + 4096) { bytes[index] = 0 }
        let found = Findings(bytes)
        #expect(found.damage.contains { $0.error.offset == page } || page + 4096 == bytes.count)
        #expect(found.damage != [])
        for (thread, marks) in written {
          var expected = marks
          if thread == Int(header.thread) {
            let first = Int(header.eventsBefore)
            expected.removeSubrange(first..<(first + Int(header.events)))
          }
          #expect(found.events[thread]?.map { $0.mark } ?? [] == expected)
        }
      }
    }

    @Test func aBadRecordEndsItsChunkAlone() throws {
      let start = try #require(
        stride(from: 4096, to: sample.count, by: 4096).first { page in
          (try? ChunkHeader.decode(sample.span.extracting(page..<(page + 64)), at: 0))??.kind
            == .events
        })
      var bytes = sample
      bytes[start + 64] = 0x80  // A record of an unknown kind.
      bytes[start + 65] = 0x7F
      let found = Findings(bytes)
      #expect(found.damage.map { $0.error.offset } == [UInt64(start), UInt64(start + 64)])
      #expect(found.count > 150)
    }

    /// Memory is bounded, whatever numbers are in the file.
    @Test func greatNumbersTakeNoMemory() {
      let before = peakMemory()
      var builder = RecordingBuilder()
      builder.define(functions: 3)
      builder.define([
        .file(FileDefinition(number: .max, path: [])),
        .cFunction(CFunctionDefinition(number: 1 << 31, name: [])),
        .function(
          FunctionDefinition(
            number: 1 << 30, file: .max, firstLine: .min, callLine: .min, flags: .max, name: [],
            qualifiedName: [], parameters: [])),
      ])
      builder.add(
        .line, EventHeader(function: 1, line: .max, depth: 1 << 24, stack: .max, time: .max),
        thread: Int(UInt32.max))
      builder.add(
        .return, EventHeader(function: 2, line: .min, depth: 0, time: 0), thread: Int(UInt32.max))
      let found = Findings(builder.finish())
      #expect(found.count == 2)
      #expect(found.damage.count == 1)
      #expect(peakMemory() - before < 64 << 20)
    }
  }
}

extension Int {
  fileprivate init?(getenv name: String) {
    guard let text = unsafe Glibc.getenv(name) else { return nil }
    self.init(unsafe String(cString: text))
  }
}

/// Peak memory of this process, in bytes.
func peakMemory() -> Int {
  var usage = rusage()
  unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss * 1024
}
