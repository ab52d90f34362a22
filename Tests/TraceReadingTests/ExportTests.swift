import Glibc
import Testing
import TraceFormat
import TraceReading

extension FileTests {
  @Suite struct ExportTests {
    /// The bytes that an export writes.
    private func export(_ bytes: [UInt8], _ format: ExportFormat) throws -> [UInt8] {
      var ends: [Int32] = [0, 0]
      #expect(unsafe pipe(&ends) == 0)
      defer { close(ends[0]) }
      // The export fits in the pipe's buffer.
      try TraceReader(contents: bytes).export(format, to: ends[1])
      close(ends[1])
      var content = [UInt8](repeating: 0, count: 1 << 16)
      let count = unsafe content.withUnsafeMutableBytes {
        unsafe read(ends[0], $0.baseAddress, $0.count)
      }
      return Array(content[..<max(0, count)])
    }

    private func text(_ bytes: [UInt8], _ format: ExportFormat) throws -> String {
      String(decoding: try export(bytes, format), as: UTF8.self)
    }

    /// Two functions; one calls the other from line 11.
    private var twoCalls: [UInt8] {
      var builder = RecordingBuilder()
      builder.define(functions: 2)
      builder.add(threads: 1)
      func mark(_ function: UInt32, _ line: Int32, _ depth: Int32, _ time: UInt64) -> EventHeader {
        EventHeader(function: function, line: line, depth: depth, time: time)
      }
      builder.add(.call, mark(1, 10, 0, 2000))
      builder.add(.line, mark(1, 11, 0, 2100))
      builder.add(.call, mark(2, 20, 1, 2300))
      builder.add(.line, mark(2, 21, 1, 2310))
      builder.add(.yield, mark(2, 21, 1, 2400))
      builder.add(.resume, mark(2, 21, 1, 2500))
      builder.add(.return, mark(2, 21, 1, 2700))
      builder.add(.return, mark(1, 11, 0, 3000))
      return builder.finish()
    }

    @Test func collapsedStacksHaveTheirOwnTime() throws {
      let shown = try text(twoCalls, .collapsed)
      #expect(
        shown == """
          Thread-0;f1 (program.py:10) 700
          Thread-0;f1 (program.py:10);f2 (program.py:20) 300

          """)
    }

    @Test func callgrindHasLinesAndCalls() throws {
      let shown = try text(twoCalls, .callgrind)
      #expect(
        shown.hasSuffix(
          """
          ob=(1) Thread-0
          fl=(1) program.py
          fn=(1) f1
          10 100
          11 600
          cfi=(1)
          cfn=(2) f2
          calls=1 20
          11 300
          fl=(1)
          fn=(2)
          20 10
          21 290

          totals: 1000

          """))
    }

    @Test func aGeneratorThatWaitsIsNotOpen() throws {
      let shown = try text(twoCalls, .speedscope)
      let wanted: [(String, Int, Int)] = [
        ("O", 0, 1000), ("O", 1, 1300), ("C", 1, 1400), ("O", 1, 1500), ("C", 1, 1700),
        ("C", 0, 2000),
      ]
      let events = wanted.map { "{\"type\":\"\($0.0)\",\"frame\":\($0.1),\"at\":\($0.2)}" }
      #expect(shown.contains("[\n" + events.joined(separator: ",\n") + "]"))
    }

    /// Calls of functions whose numbers have no definition.
    @Test(arguments: ExportFormat.allCases)
    func theGreatestNumberOfAFunctionIsExported(_ format: ExportFormat) throws {
      var builder = RecordingBuilder()
      builder.define(functions: 1)
      builder.add(threads: 1)
      for (depth, function) in [UInt32.max, 1 << 31, 1, .max].enumerated() {
        let mark = EventHeader(function: function, line: 1, depth: Int32(depth), time: 2000)
        builder.add(.call, mark, texts: ["1"])
      }
      let bytes = builder.finish()
      let null = unsafe open("/dev/null", O_WRONLY)
      defer { close(null) }
      // Formats of defined functions only, or of lines, have nothing to write and throw.
      do { try TraceReader(contents: bytes).export(format, to: null) } catch is ExportError {}
    }

    @Test func allNumbersHaveTheirDigits() throws {
      var numbers: [UInt64] = [0, 1, 9, 10, 99, 100, 999, 1000, 9999, 10_000]
      for power in 5...18 {
        var number: UInt64 = 1
        for _ in 0..<power { number *= 10 }
        numbers += [number - 1, number, number + 1, number / 9]
      }
      numbers.sort()
      var builder = RecordingBuilder()
      builder.define(functions: 1)
      builder.add(threads: 1)
      for number in numbers {
        let mark = EventHeader(
          function: 1, line: Int32(number % 1_000_000), depth: 0, time: 1000 + number)
        builder.add(.line, mark)
      }
      let lines = try text(builder.finish(), .jsonl).split(separator: "\n")
      #expect(lines.count == numbers.count)
      for (line, number) in zip(lines, numbers) {
        #expect(line.hasSuffix("\"time\":\(number)}"))
        #expect(line.contains("\"line\":\(number % 1_000_000),"))
      }
    }

    @Test func linesAreCounted() throws {
      let sources = try #require(try TraceReader(contents: twoCalls).countLines())
      #expect(sources.map { $0.path } == [Array("/home/user/program.py".utf8)])
      #expect(sources[0].hits.map { [Int($0.line), Int($0.count)] } == [[11, 1], [21, 1]])
      #expect(sources[0].functions.map { $0.calls } == [1, 1])
    }

    @Test func whatCannotBeWrittenIsAnError() throws {
      let reader = try TraceReader(contents: twoCalls)
      #expect(throws: ExportError.self) { try reader.export(.chrome, to: -1) }
    }

    @Test func anExportEndsWhenItIsAskedTo() throws {
      var builder = RecordingBuilder()
      builder.define(functions: 1)
      builder.add(threads: 1)
      for time in UInt64(0)..<600_000 {
        builder.add(.line, EventHeader(function: 1, line: 11, depth: 0, time: 2000 + time))
      }
      let bytes = builder.finish()
      let null = unsafe open("/dev/null", O_WRONLY)
      defer { close(null) }
      for format in ExportFormat.allCases {
        let reader = try TraceReader(contents: bytes)
        #expect(try !reader.export(format, to: null) { _ in false })
        #expect(try TraceReader(contents: bytes).export(format, to: null))
      }
    }
  }
}
