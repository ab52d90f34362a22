import TraceFormat

/// Builds the bytes of a recording with the recorder's encoder.
struct RecordingBuilder {
  private(set) var bytes: [UInt8]
  private var encoders: [Int: (encoder: EventEncoder, memory: Memory, header: ChunkHeader)] = [:]
  private var sequences: [Int: (sequence: UInt64, events: UInt64)] = [:]
  private let chunkSize: Int
  /// Offset of the entries in the thread directory.
  private var cells = 0
  private var cellCount = 0
  /// The written events, by thread.
  private(set) var events: [Int: [(kind: EventKind, mark: EventHeader, texts: [[UInt8]])]] = [:]

  init(_ header: FileHeader = RecordingBuilder.header(), chunkSize: Int = 4096) {
    bytes = header.encoded()
    self.chunkSize = chunkSize
  }

  static func header(keepsLast: Bool = false) -> FileHeader {
    var header = FileHeader()
    header.family = (1, 2)
    header.processID = 0
    header.python = "3.13.0"
    header.platform = "linux-x86_64"
    header.arguments = ["python", "program.py"]
    header.folder = "/home/user"
    header.keepsLast = keepsLast
    header.maximumSize = keepsLast ? 1 << 20 : 0
    header.start = 1000
    header.end = .stopped
    return header
  }

  /// Line of a function's call events: ten times its number.
  static func callLine(_ function: UInt32) -> Int32 { Int32(truncatingIfNeeded: function) &* 10 }

  mutating func define(_ definitions: [Definition]) {
    var content = definitions.flatMap { $0.encoded() }
    content += [0, 0, 0, 0]
    var header = ChunkHeader(kind: .definitions, length: pages(content.count + ChunkHeader.size))
    header.used = UInt32(content.count - 4 + ChunkHeader.size)
    append(sealed(header, content), content)
  }

  mutating func define(functions count: UInt32) {
    define(
      [.file(FileDefinition(number: 1, path: Array("program.py".utf8)))]
        + (1...count).map { number in
          .function(
            FunctionDefinition(
              number: number, file: 1, firstLine: Self.callLine(number),
              callLine: Self.callLine(number), flags: 0, name: Array("f\(number)".utf8),
              qualifiedName: Array("f\(number)".utf8), parameters: [Array("a".utf8)]))
        } + [
          .cFunction(CFunctionDefinition(number: 1, name: Array("<built-in function len>".utf8)))
        ])
  }

  mutating func add(threads count: UInt32) {
    var content: [UInt8] = []
    for index in 0..<count {
      var cell = ThreadCell()
      cell.index = index
      cell.firstTime = 1000
      cell.name = Array("Thread-\(index)".utf8)
      content += cell.encoded()
    }
    cells = bytes.count + ChunkHeader.size
    cellCount = Int(count)
    append(ChunkHeader(kind: .threads, length: pages(content.count + ChunkHeader.size)), content)
  }

  /// Adds an event. Begins another chunk for its thread if the current one is full.
  mutating func add(
    _ kind: EventKind, _ mark: EventHeader, thread: Int = 0, texts: [String] = [],
    cFunction: UInt32 = 0
  ) {
    let texts = texts.map { Array($0.utf8) }
    let needed = EventEncoder.roomNeeded(
      texts: texts.count, bytes: texts.reduce(0) { $0 + $1.count })
    if encoders[thread]?.encoder.room(needed) != true { begin(thread, at: mark) }
    if !store(kind, mark, thread, texts, cFunction) {
      begin(thread, at: mark)
      precondition(store(kind, mark, thread, texts, cFunction))
    }
    events[thread, default: []].append((kind, mark, texts))
  }

  /// Adds an event that refers to texts by their positions.
  mutating func add(_ kind: EventKind, _ mark: EventHeader, naming places: [UInt64]) {
    if encoders[0]?.encoder.room(places.count * 10 + 64) != true { begin(0, at: mark) }
    guard let (known, memory, header) = encoders[0] else { return }
    var encoder = known
    precondition(encoder.event(kind, mark, texts: places.span))
    encoders[0] = (encoder, memory, header)
  }

  private mutating func store(
    _ kind: EventKind, _ mark: EventHeader, _ thread: Int, _ texts: [[UInt8]], _ cFunction: UInt32
  ) -> Bool {
    guard let (known, memory, header) = encoders[thread] else { return false }
    var encoder = known
    defer { encoders[thread] = (encoder, memory, header) }
    let callLine = Self.callLine(mark.function)
    if texts.isEmpty, cFunction == 0 {
      switch kind {
      case .line: return encoder.line(mark)
      case .call: return encoder.call(mark, isUsual: mark.line == callLine)
      case .resume: return encoder.resume(mark, callLine: callLine)
      case .return, .yield, .await, .unwind: return encoder.leave(kind, mark, callLine: callLine)
      default: break
      }
    }
    var places: [UInt64] = []
    for text in texts {
      guard let place = encoder.text(text.span) else { return false }
      places.append(memory.base + UInt64(place))
    }
    return encoder.event(kind, mark, cFunction: cFunction, texts: places.span)
  }

  /// Closes the thread's chunk and reserves another one.
  private mutating func begin(_ thread: Int, at mark: EventHeader) {
    close(thread)
    let (sequence, before) = sequences[thread] ?? (0, 0)
    var header = ChunkHeader(kind: .events, length: UInt32(chunkSize))
    header.thread = UInt32(thread)
    header.sequence = sequence
    header.eventsBefore = before
    header.time = mark.time
    header.depth = mark.depth - 1
    header.stack = mark.stack
    let memory = Memory(chunkSize - ChunkHeader.size, base: UInt64(bytes.count + ChunkHeader.size))
    var encoder = EventEncoder()
    memory.begin(&encoder, time: header.time, depth: header.depth, stack: header.stack)
    append(header, [])
    encoders[thread] = (encoder, memory, header)
    sequences[thread] = (sequence + 1, before)
  }

  /// Stores a thread's chunk in the recording.
  mutating func close(_ thread: Int, isFull: Bool = true) {
    guard let (encoder, memory, oldHeader) = encoders.removeValue(forKey: thread) else { return }
    // A killed recording frees nothing: the builder may be a copy, and the original continues.
    defer { if isFull { encoder.free() } }
    var header = oldHeader
    if isFull {
      header.events = UInt32(encoder.events)
      header.used = UInt32(encoder.used + ChunkHeader.size)
    }
    sequences[thread]!.events += UInt64(encoder.events)
    let start = Int(memory.base) - ChunkHeader.size
    header = sealed(header, memory.content)
    bytes.replaceSubrange(start..<(start + chunkSize), with: header.encoded() + memory.content)
  }

  /// The header, with the checksum of the content if the chunk is closed.
  private func sealed(_ header: ChunkHeader, _ content: [UInt8]) -> ChunkHeader {
    guard header.used > 0 else { return header }
    var header = header
    let used = Array(content[..<(Int(header.used) - ChunkHeader.size)])
    let seed = ChunkHeader.seed(events: header.events, used: header.used)
    header.check = Checksum.of(used.span, seed: seed)
    return header
  }

  /// The bytes of the recording.
  ///
  /// - Parameter isKilled: whether the chunks stay open.
  mutating func finish(isKilled: Bool = false) -> [UInt8] {
    for thread in encoders.keys.sorted() { close(thread, isFull: !isKilled) }
    if isKilled {
      bytes[FileHeader.endOffset] = 0
      bytes[FileHeader.endOffset + 3] = 255
    } else {
      for (thread, sequence) in sequences where thread < cellCount {
        var number = ByteWriter()
        number.append(sequence.events)
        let place = cells + thread * ThreadCell.size + ThreadCell.eventsOffset
        bytes.replaceSubrange(place..<(place + 8), with: number.bytes)
      }
    }
    return bytes
  }

  private mutating func append(_ header: ChunkHeader, _ content: [UInt8]) {
    let start = bytes.count
    bytes += header.encoded() + content
    bytes += repeatElement(0, count: start + Int(header.length) - bytes.count)
  }

  private func pages(_ count: Int) -> UInt32 { UInt32((count + 4095) / 4096 * 4096) }
}

/// Memory for an encoder: a chunk's content, and its position in the file.
@safe final class Memory {
  private let bytes: UnsafeMutableRawBufferPointer
  let base: UInt64

  init(_ count: Int, base: UInt64) {
    unsafe bytes = .allocate(byteCount: count, alignment: 4096)
    unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0)
    self.base = base
  }

  deinit { unsafe bytes.deallocate() }

  func begin(_ encoder: inout EventEncoder, time: UInt64, depth: Int32, stack: UInt32) {
    unsafe encoder.begin(bytes, time: time, depth: depth, stack: stack)
  }

  var content: [UInt8] { unsafe Array(bytes) }
}

/// A recording of three threads, with all kinds of events, definitions and texts.
func sampleRecording(events count: Int = 300, keepsLast: Bool = false) -> RecordingBuilder {
  var builder = RecordingBuilder(RecordingBuilder.header(keepsLast: keepsLast))
  builder.define(functions: 20)
  builder.add(threads: 3)
  var numbers = Numbers(5)
  var stacks: [[UInt32]] = [[], [], []]
  var time: UInt64 = 2000
  for index in 0..<count {
    let thread = Int(numbers.next() % 3)
    time += numbers.next() % (numbers.next() % 20 == 0 ? 1_000_000 : 900)
    var stack = stacks[thread]
    defer { stacks[thread] = stack }
    let function = stack.last ?? 0
    func mark(_ line: Int32) -> EventHeader {
      EventHeader(
        function: stack.last ?? 0, line: line, depth: Int32(stack.count - 1), time: time)
    }
    let line = RecordingBuilder.callLine(function)
    switch function == 0 ? 0 : numbers.next() % 10 {
    case 0, 1:
      let next = UInt32(numbers.next() % 20) + 1
      stack.append(next)
      let texts = index % 3 == 0 ? ["\(index)"] : []
      builder.add(.call, mark(RecordingBuilder.callLine(next)), thread: thread, texts: texts)
    case 2, 3:
      let kinds: [EventKind] = [.return, .yield, .await, .unwind]
      let texts = index % 3 == 0 ? ["value \(index)"] : []
      builder.add(kinds[index % 4], mark(line + 3), thread: thread, texts: texts)
      stack.removeLast()
    case 4: builder.add(.exception, mark(line + 2), thread: thread, texts: ["KeyError", "'a'"])
    case 5: builder.add(.cCall, mark(line + 2), thread: thread, cFunction: 1)
    default: builder.add(.line, mark(line + Int32(numbers.next() % 7)), thread: thread)
    }
  }
  return builder
}

/// A generator of random numbers with a fixed seed, so that all runs are equal.
struct Numbers: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 2 &+ 1 }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let mixed = (state ^ (state >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    return mixed ^ (mixed >> 29)
  }
}
