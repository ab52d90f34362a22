import Glibc
import Testing
import TraceFormat
import TraceReading

@Suite struct LateDefinitionTests {
  /// While the file is read, the program defines functions to which its newest events refer.
  @Test func functionsDefinedAfterTheFirstLookAreKnown() throws {
    let path = "/tmp/swifttrace-\(UInt64.random(in: 0 ... .max)).swt"
    defer { unsafe unlink(path) }
    var header = RecordingBuilder.header()
    header.end = .open
    var builder = RecordingBuilder(header)
    builder.define(functions: 1)
    builder.add(.line, EventHeader(function: 1, line: 1, depth: 0, time: 5000))
    var copy = builder
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT, 0o600)
    defer { close(descriptor) }
    func write(_ bytes: [UInt8]) {
      let count = unsafe pwrite(descriptor, bytes, bytes.count, 0)
      #expect(count == bytes.count)
    }
    write(copy.finish(isKilled: true))
    let reader = try TraceReader(path: path)
    #expect(reader.hasNext && reader.files[0].function(2) == nil)
    builder.define(functions: 2)
    builder.add(.line, EventHeader(function: 2, line: 1, depth: 0, time: 6000))
    write(builder.finish(isKilled: true))
    var functions: [UInt32] = []
    while let event = reader.next() { functions.append(event.mark.function) }
    #expect(functions == [1, 2])
    #expect(reader.damage == [])
    #expect(reader.files[0].function(2) != nil)
  }
}
