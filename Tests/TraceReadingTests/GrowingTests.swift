import Glibc
import Testing
import TraceFormat
import TraceReading

/// Reading a file while it is being written, as with `show --follow`.
@Suite struct GrowingTests {
  private func path() -> String {
    "\(temporaryFolder())/swifttrace-\(UInt64.random(in: 0 ... .max)).swt"
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT, 0o600)
    defer { close(descriptor) }
    let count = unsafe pwrite(descriptor, bytes, bytes.count, 0)
    #expect(count == bytes.count)
  }

  private func read(_ reader: TraceReader) -> [UInt64] {
    var result: [UInt64] = []
    while let event = reader.next() { result.append(event.mark.time) }
    return result
  }

  @Test func whatIsAddedIsReadOnce() throws {
    let path = path()
    defer { unsafe unlink(path) }
    var header = RecordingBuilder.header()
    header.processID = UInt32(getpid())
    header.end = .open
    var builder = RecordingBuilder(header)
    builder.define(functions: 2)
    var reader: TraceReader?
    var times: [UInt64] = []
    for step in 0..<3000 {
      let function = UInt32(step / 2000 + 1)
      let mark = EventHeader(function: function, line: 1, depth: 0, time: UInt64(5000 + step * 300))
      builder.add(.line, mark, thread: step % 2)
      guard step % 500 == 250 else { continue }
      var copy = builder
      try write(copy.finish(isKilled: true), to: path)
      if let reader { reader.refresh() } else { reader = try TraceReader(path: path) }
      times += read(reader!)
      #expect(times.count == step + 1)
      #expect(reader?.files[0].isBeingWritten == true)
      #expect(reader?.hasNext == false)
    }
    #expect(times == times.sorted())
    #expect(reader?.damage == [])
  }

  /// Opening reads only the header. The rest is read when it is first needed.
  @Test func whatIsWrittenBetweenOpeningAndTheFirstLookIsThere() throws {
    let path = path()
    defer { unsafe unlink(path) }
    var builder = RecordingBuilder()
    try write(builder.bytes, to: path)
    let reader = try TraceReader(path: path)
    builder.define(functions: 1)
    builder.add(threads: 1)
    builder.add(.line, EventHeader(function: 1, line: 1, depth: 0, time: 5000))
    try write(builder.finish(), to: path)
    #expect(reader.files[0].function(1) != nil)
    #expect(reader.files[0].threads.count == 1)
    #expect(read(reader) == [5000])
    #expect(reader.damage == [])
  }

  /// The newest events replace the oldest.
  @Test func aChunkThatWasReusedIsReadAgain() throws {
    let path = path()
    defer { unsafe unlink(path) }
    var builder = RecordingBuilder(RecordingBuilder.header(keepsLast: true))
    builder.define(functions: 2)
    for step in 0..<3000 {
      builder.add(.line, EventHeader(function: 1, line: 1, depth: 0, time: UInt64(5000 + step)))
    }
    var bytes = builder.finish()
    try write(bytes, to: path)
    let reader = try TraceReader(path: path)
    let first = read(reader)
    #expect(first.count == 3000)
    // The first chunk of events now belongs to another thread.
    let place = try #require(
      stride(from: 4096, to: bytes.count, by: 4096).first { page in
        let head = bytes.span.extracting(page..<(page + 64))
        return (try? ChunkHeader.decode(head, at: 0))??.kind == .events
      })
    var other = RecordingBuilder(RecordingBuilder.header(keepsLast: true))
    for step in 0..<5 {
      other.add(
        .line, EventHeader(function: 2, line: 3, depth: 0, time: UInt64(9000 + step)), thread: 1)
    }
    let chunk = other.finish()[4096..<8192]
    bytes.replaceSubrange(place..<(place + 4096), with: chunk)
    try write(bytes, to: path)
    reader.refresh()
    #expect(read(reader) == [9000, 9001, 9002, 9003, 9004])
    // A new reader counts the evicted events as dropped.
    let again = try TraceReader(path: path)
    #expect(read(again).count < 3000)
  }

  @Test func whatIsNoRecordingIsRefused() throws {
    #expect(throws: ReadingError.self) { try TraceReader(path: "/nonexistent/x.swt") }
    #expect(throws: ReadingError.self) { try TraceReader(path: temporaryFolder()) }
    #expect(throws: ReadingError.self) { try TraceReader(path: "/dev/null") }
    let path = path()
    defer { unsafe unlink(path) }
    // No process ever writes to it.
    let result = unsafe mkfifo(path, 0o600)
    #expect(result == 0)
    #expect(throws: ReadingError.self) { try TraceReader(path: path) }
  }

  /// Space that was never written is skipped: a terabyte, followed by a chunk.
  @Test func aHoleIsPassedOver() throws {
    let path = path()
    defer { unsafe unlink(path) }
    var builder = RecordingBuilder()
    builder.define(functions: 1)
    builder.add(.line, EventHeader(function: 1, line: 1, depth: 0, time: 5000))
    let bytes = builder.finish()
    try write(Array(bytes[..<8192]), to: path)
    let descriptor = unsafe open(path, O_WRONLY)
    defer { close(descriptor) }
    let end = 1 << 40
    let chunk = Array(bytes[8192...])
    guard unsafe pwrite(descriptor, chunk, chunk.count, off_t(end)) == chunk.count else { return }
    let start = ContinuousClock().now
    let reader = try TraceReader(path: path)
    #expect(ContinuousClock().now - start < .seconds(5))
    #expect(read(reader) == [5000])
    #expect(reader.damage.map { $0.error.offset } == [8192])
  }
}

private func temporaryFolder() -> String {
  guard let folder = unsafe getenv("TMPDIR") else { return "/tmp" }
  return unsafe String(cString: folder)
}
