import Foundation
import PythonHost
import SwiftTrace
import Testing
import TraceReading

extension PythonHostTests {
  @Suite struct Recordings {
    let python = PythonHostTests.python
    let path = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString).swt"

    private func read(_ reader: TraceReader) -> [String] {
      var result: [String] = []
      while let event = reader.next() {
        let function = reader.files[0].functions[Int(event.mark.function)]!
        let name = String(decoding: function.name, as: UTF8.self)
        let texts = event.texts.indices.map {
          reader.text(event, $0).map { String(decoding: $0, as: UTF8.self) } ?? "(lost)"
        }
        result.append(
          "\(event.kind) \(name):\(event.mark.line) \(event.mark.depth) "
            + texts.joined(separator: ","))
      }
      return result
    }

    @Test func whatAHostRecordsCanBeRead() throws {
      defer { try? FileManager.default.removeItem(atPath: path) }
      var settings = RecordingSettings()
      settings.keepsValues = true
      let recorder = try Recorder(to: path, settings)
      try python.trace(recorder) {
        try python.run(
          code: """
            def add(a, b=2):
              return a + b
            try: add(1); add("")
            except TypeError: pass
            """)
      }
      let reader = try TraceReader(path: path)
      #expect(reader.damage.isEmpty)
      #expect(reader.files[0].header.end == .stopped)
      #expect(reader.files[0].header.processID == UInt32(ProcessInfo.processInfo.processIdentifier))
      #expect(
        read(reader) == [
          "call <module>:0 0 ", "line <module>:1 0 ", "line <module>:3 0 ", "call add:1 1 1,2",
          "line add:2 1 ", "return add:2 1 3", "call add:1 1 '',2", "line add:2 1 ",
          "exception add:2 1 TypeError,can only concatenate str (not \"int\") to str",
          "unwind add:2 1 TypeError",
          "exception <module>:3 0 TypeError,can only concatenate str (not \"int\") to str",
          "line <module>:4 0 ", "return <module>:4 0 None",
        ])
      #expect(recorder.summary.events == 13)
      #expect(reader.files[0].header.python.hasPrefix("3."))
      #expect(reader.files[0].header.platform.hasPrefix("linux"))
    }

    @Test func whatIsThereIsKept() throws {
      try Data("mine".utf8).write(to: URL(fileURLWithPath: path))
      defer { try? FileManager.default.removeItem(atPath: path) }
      #expect { try Recorder(to: path) } throws: { ($0 as? SystemError)?.code == EEXIST }
      var settings = RecordingSettings()
      settings.replaces = true
      #expect { try Recorder(to: path, settings) } throws: { ($0 as? SystemError)?.code == EEXIST }
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("mine".utf8))
    }

    @Test func whatIsNoRecordingSaysSo() throws {
      try Data("hello".utf8).write(to: URL(fileURLWithPath: path))
      defer { try? FileManager.default.removeItem(atPath: path) }
      #expect { try TraceReader(path: path) } throws: {
        "\($0)" == "\(path): this is no swifttrace recording: wrong magic bytes at offset 0"
      }
      #expect(throws: ReadingError.self) { try TraceReader(path: path + ".nowhere") }
    }
  }
}
