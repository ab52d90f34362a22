import CArrow
import Glibc
import Testing
import TraceFormat
import TraceReading

/// Tables exported through the Arrow C stream interface, read as by a consumer in C. This target
/// does not link Python.
@Suite struct ArrowTests {
  private func stream(_ bytes: [UInt8], _ table: ArrowTable = .events) throws -> ArrowArrayStream {
    unsafe ArrowArrayStream(exporting: table.rows(of: try TraceReader(contents: bytes)))
  }

  @Test func theRowsAreTheEvents() throws {
    var builder = sampleRecording(events: 3000)
    let bytes = builder.finish()
    let reader = try TraceReader(contents: bytes)
    var expected: [TraceEvent] = []
    while let event = reader.next() { expected.append(event) }
    var stream = try unsafe stream(bytes)
    var array = unsafe ArrowArray()
    #expect(unsafe stream.get_next!(&stream, &array) == 0)
    // Batches that were taken outlive the stream.
    unsafe stream.release!(&stream)
    #expect(unsafe stream.release == nil)
    #expect(unsafe array.length == Int64(expected.count))
    #expect(unsafe array.n_children == 18)
    for column in 0..<Int(unsafe array.n_children) {
      let child = unsafe array.children![column]!
      for buffer in 0..<Int(unsafe child.pointee.n_buffers) {
        #expect(unsafe UInt(bitPattern: child.pointee.buffers![buffer]) % 64 == 0)
      }
    }
    let times = unsafe array.children![3]!.pointee.buffers![1]!.assumingMemoryBound(to: Int64.self)
    let kinds = unsafe array.children![5]!.pointee.buffers![1]!.assumingMemoryBound(to: Int8.self)
    for (row, event) in expected.enumerated() {
      #expect(unsafe times[row] == Int64(event.mark.time) - 1000)
      #expect(unsafe kinds[row] == Int8(event.kind.rawValue) - 1)
    }
    unsafe array.release!(&array)
    #expect(unsafe array.release == nil)
  }

  @Test func aColumnIsMovedOutOfItsTable() throws {
    var builder = sampleRecording()
    var stream = try unsafe stream(builder.finish())
    var array = unsafe ArrowArray()
    #expect(unsafe stream.get_next!(&stream, &array) == 0)
    var moved = unsafe array.children![3]!.pointee
    unsafe array.children![3]!.pointee.release = nil
    unsafe array.release!(&array)
    let times = unsafe moved.buffers![1]!.assumingMemoryBound(to: Int64.self)
    #expect(unsafe times[0] >= 1000)
    unsafe moved.release!(&moved)
    #expect(unsafe moved.release == nil)
    #expect(unsafe stream.get_next!(&stream, &array) == 0)
    #expect(unsafe array.release == nil)
    unsafe stream.release!(&stream)
  }

  @Test(arguments: ArrowTable.allCases) func whatIsNotPulledIsReleased(_ table: ArrowTable) throws {
    var builder = sampleRecording()
    var stream = try unsafe stream(builder.finish(), table)
    var schema = unsafe ArrowSchema()
    #expect(unsafe stream.get_schema!(&stream, &schema) == 0)
    #expect(unsafe schema.n_children == Int64(table.field.children.count))
    unsafe stream.release!(&stream)
    #expect(unsafe String(cString: schema.format!) == "+s")
    unsafe schema.release!(&schema)
  }

  @Test func damageIsAnError() throws {
    var builder = sampleRecording(events: 3000)
    var bytes = builder.finish()
    let last = bytes.count - 4096 + 64
    bytes.replaceSubrange(last..<(last + 8), with: repeatElement(0x80, count: 8))
    var stream = try unsafe stream(bytes)
    var array = unsafe ArrowArray()
    for _ in 0..<2 {
      #expect(unsafe stream.get_next!(&stream, &array) == EINVAL)
      #expect(unsafe array.release == nil)
      let message = unsafe stream.get_last_error!(&stream)
      let words = unsafe String(cString: try #require(message))
      #expect(words.contains("offset \(last - 64)"))
    }
    unsafe stream.release!(&stream)
  }

  /// For any bytes, the table ends or reports an error.
  @Test func mutatedFilesDoNoHarm() throws {
    var builder = sampleRecording(events: 1000)
    let whole = builder.finish()
    var numbers = Numbers(7)
    for _ in 0..<200 {
      var bytes = whole
      for _ in 0..<(numbers.next() % 8 + 1) {
        bytes[Int(numbers.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: numbers.next())
      }
      for table in ArrowTable.allCases {
        guard var stream = try? unsafe stream(bytes, table) else { continue }
        var array = unsafe ArrowArray()
        while unsafe stream.get_next!(&stream, &array) == 0, let release = unsafe array.release {
          unsafe release(&array)
        }
        unsafe stream.release!(&stream)
      }
    }
  }
}
