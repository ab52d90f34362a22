import Testing
import TraceFormat

@Suite struct HeaderTests {
  private var header: FileHeader {
    var header = FileHeader()
    header.family = (1, .max)
    header.processID = 77
    header.parentID = 7
    header.isRoot = false
    header.clock = .counter
    header.countsPerSecond = 2_600_000_000
    header.wallStart = 1_764_000_000_000_000_000
    header.start = 123_456_789
    header.maximumSize = 200 << 20
    header.keepsLast = true
    header.python = "3.13.0 (main)"
    header.platform = "linux-x86_64"
    header.arguments = ["script.py", "", "ü"]
    header.folder = "/tmp"
    header.options = ["--all"]
    return header
  }

  @Test func aHeaderIsReadAsWritten() throws {
    let bytes = header.encoded()
    #expect(bytes.count % Format.page == 0)
    #expect(try FileHeader(decoding: bytes.span) == header)
    var other = header
    other.start += 1
    #expect(other != header)
  }

  @Test func theEndIsChangedInPlace() throws {
    var bytes = header.encoded()
    var failed = header
    failed.end = .failed
    for index in 0..<4 {
      bytes[FileHeader.endOffset + index] = UInt8(
        truncatingIfNeeded: failed.endWord >> (index * 8))
    }
    let read = try FileHeader(decoding: bytes.span)
    #expect(read.end == .failed)
    #expect(!read.isDamaged)
  }

  @Test func aChangedBitIsDamage() throws {
    let whole = header.encoded()
    for bit in 96..<(whole.count * 8) where !(88 * 8..<112 * 8).contains(bit) {
      var bytes = whole
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      guard let read = try? FileHeader(decoding: bytes.span) else { continue }
      #expect(read.isDamaged, "bit \(bit)")
    }
  }

  @Test func aNewerVersionIsNamed() {
    var bytes = header.encoded()
    bytes[8] = 9
    #expect { try FileHeader(decoding: bytes.span) } throws: { error in
      "\(error)".contains("version 9") && "\(error)".contains("use a newer swifttrace")
    }
  }

  @Test func whatIsNoHeaderIsRefused() {
    #expect(throws: FormatError.self) { try FileHeader(decoding: Array("hello".utf8).span) }
    #expect(throws: FormatError.self) { try FileHeader(decoding: [UInt8]().span) }
    let bytes = header.encoded()
    for count in 0..<bytes.count {
      #expect(throws: FormatError.self) {
        try FileHeader(decoding: Array(bytes.prefix(count)).span)
      }
    }
    var numbers = Numbers(5)
    for _ in 0..<4000 {
      var bytes = bytes
      for _ in 0..<3 {
        bytes[Int(numbers.next() % 300)] = UInt8(truncatingIfNeeded: numbers.next())
      }
      _ = try? FileHeader(decoding: bytes.span)
    }
  }

  @Test func aChunkHeaderIsReadAsWritten() throws {
    var header = ChunkHeader(kind: .events, length: 65_536)
    header.thread = 3
    header.sequence = 9
    header.time = 1 << 40
    header.depth = -1
    header.stack = 2
    header.eventsBefore = 1 << 33
    header.events = 12
    header.used = 100
    header.check = 77
    let bytes = header.encoded()
    #expect(bytes.count == ChunkHeader.size)
    #expect(try ChunkHeader.decode(bytes.span, at: 0) == header)
    var closing = ByteReader(bytes.span, at: ChunkHeader.closingOffset)
    #expect(closing.number(UInt32.self) == 77)
    #expect(closing.number(UInt32.self) == 100)
    #expect(closing.number(UInt32.self) == 12)
    for bit in 0..<(48 * 8) {
      var bytes = bytes
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: FormatError.self) { try ChunkHeader.decode(bytes.span, at: 0) }
    }
    #expect(try ChunkHeader.decode([UInt8](repeating: 0, count: 64).span, at: 0) == nil)
    for wrong in [UInt32(0), 64, 4097, 1 << 30] {
      let bytes = ChunkHeader(kind: .events, length: wrong).encoded()
      #expect(throws: FormatError.self) { try ChunkHeader.decode(bytes.span, at: 4096) }
    }
  }

  @Test func aThreadCellIsReadAsWritten() throws {
    var cell = ThreadCell()
    cell.index = 4
    cell.nativeID = 1 << 40
    cell.identifier = .max
    cell.firstTime = 5
    cell.events = 6
    cell.dropped = 7
    cell.droppedFrom = 8
    cell.droppedUntil = 9
    cell.hasEnded = true
    cell.name = Array("MainThread".utf8)
    let bytes = cell.encoded()
    #expect(bytes.count == ThreadCell.size)
    #expect(ThreadCell(decoding: bytes.span, at: 0) == cell)
    #expect(ThreadCell(decoding: [UInt8](repeating: 0, count: 128).span, at: 0) == nil)
    cell.name = [UInt8](repeating: 65, count: 100)
    #expect(ThreadCell(decoding: cell.encoded().span, at: 0)?.name.count == 48)
  }

  @Test func definitionsAreReadAsWritten() throws {
    let definitions: [Definition] = [
      .file(FileDefinition(number: 1, path: Array("/a/é.py".utf8))),
      .function(
        FunctionDefinition(
          number: 2, file: 1, firstLine: 3, callLine: 4, flags: 0x43, name: Array("f".utf8),
          qualifiedName: Array("C.f".utf8), parameters: [Array("self".utf8), Array("*a".utf8)])),
      .cFunction(CFunctionDefinition(number: 1, name: Array("<built-in function len>".utf8))),
      .file(FileDefinition(number: 2, path: [])),
      .end(ProgramEnd(status: -9)),
      .end(
        ProgramEnd(
          status: 1,
          exception: UncaughtException(
            className: Array("KeyError".utf8), message: nil,
            frames: [.init(file: Array("a.py".utf8), line: 3, function: Array("f".utf8))],
            omitted: 7))),
    ]
    var bytes = definitions.flatMap { $0.encoded() }
    bytes += [0, 0, 0, 0]
    var position = 0
    var read: [Definition] = []
    while let next = try Definition.decode(bytes.span, at: &position, offset: 0) {
      read.append(next)
    }
    #expect(read == definitions)
    var numbers = Numbers(8)
    for _ in 0..<4000 {
      var bytes = bytes
      bytes[Int(numbers.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: numbers.next())
      var position = 0
      while (try? Definition.decode(bytes.span, at: &position, offset: 0)) != nil {}
    }
  }
}
