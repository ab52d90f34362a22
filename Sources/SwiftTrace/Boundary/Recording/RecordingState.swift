import Glibc
import TraceFormat
import TraceReading

/// All that a recording keeps. Used with the GIL held.
@safe struct RecordingState: ~Copyable {
  let keepsValues: Bool
  /// Tells what is defined in this file from what was in another; changes with a fork.
  private(set) var serial = nextRecordingSerial()

  // SAFETY: `writers` has `writerCount` entries, each nil or a writer of this state's own, which lives
  // until `deinit`.
  private var writers: UnsafeMutablePointer<UnsafeMutablePointer<ThreadWriter>?>
  private var writerCount = 0

  private let settings: RecordingSettings
  /// The path of the first process's file.
  private let rootPath: [UInt8]
  private let family: (UInt64, UInt64)
  /// Nil in a forked child before its first event, and where it is not to be recorded.
  private var file: RecordingFile?
  private var definitions = DefinitionWriter()
  private var cells = ThreadCells()
  private var texts = TextTable()
  /// The child of a fork that has no file yet.
  private var isChild = false
  /// Nothing more is to be written.
  private var isOver = false
  /// On what is standard error when the recording begins.
  private var messages = Messages()
  /// What the writers of threads that are over have recorded and dropped.
  private var ended = (events: UInt64(0), dropped: UInt64(0))

  /// Creates the file.
  init(path: [UInt8], _ settings: RecordingSettings) throws {
    unsafe writers = .allocate(capacity: 0)
    self.settings = settings
    keepsValues = settings.keepsValues
    rootPath = absolute(path)
    isChild = settings.about.family != nil
    family = settings.about.family ?? randomFamily()
    if isChild {
      file = try makeChildFile()
    } else {
      if settings.replaces { try RecordingFamily.remove(rootPath) }
      try RecordingFamily.refuseFolder(rootPath)
      file = try RecordingFile(path: rootPath, header: makeHeader())
    }
    texts.isLocal = settings.keep == .last && settings.maximumSize != nil
  }

  deinit {
    for index in 0..<writerCount {
      guard let writer = unsafe writers[index] else { continue }
      if let chunk = unsafe writer.pointee.chunk { unsafe chunk.unmap() }
      unsafe writer.deinitialize(count: 1)
      unsafe writer.deallocate()
    }
    unsafe writers.deallocate()
  }

  var summary: RecordingSummary {
    var (events, dropped) = ended
    for index in 0..<writerCount {
      guard let writer = unsafe writers[index] else { continue }
      unsafe events += writer.pointee.events
      unsafe dropped += writer.pointee.dropped
    }
    return RecordingSummary(
      path: String(decoding: file?.path ?? rootPath, as: UTF8.self),
      events: events - (file?.reusedEvents ?? 0),
      bytes: file?.size ?? 0, dropped: dropped + (file?.reusedEvents ?? 0))
  }

  /// The thread's writer, once it has one.
  @inline(__always)
  func writer(_ thread: Int) -> UnsafeMutablePointer<ThreadWriter>? {
    thread < writerCount ? unsafe writers[thread] : nil
  }

  // MARK: the events that are not as usual

  mutating func call(_ event: borrowing CallEvent, line: Int32) throws {
    guard let writer = unsafe try prepare(event.function, event.frame, event.place) else { return }
    let mark = EventMark(event.function.recordedAs, line, event.place)
    if keepsValues, event.kind == .call {
      texts.begin()
      for index in 0..<event.function.parameterCount {
        texts.append { buffer in
          buffer.append(event.frame.local(event.function.parameterSlot(index)), as: .repr)
        }
      }
      return try unsafe store(.call, mark, in: writer)
    }
    let callLine = event.function.recordedCallLine
    try unsafe attempt(writer, mark.time) { encoder in
      event.kind == .call
        ? encoder.call(mark, isUsual: line == callLine) : encoder.resume(mark, callLine: callLine)
    }
  }

  mutating func line(_ event: borrowing LineEvent, line: Int32) throws {
    guard let writer = unsafe try prepare(event.function, event.frame, event.place) else { return }
    let mark = EventMark(event.function.recordedAs, line, event.place)
    guard event.kind == .line else {
      texts.begin()
      return try unsafe store(.opcode, mark, in: writer)
    }
    try unsafe attempt(writer, mark.time) { $0.line(mark) }
  }

  mutating func leave(_ event: borrowing ReturnEvent, line: Int32) throws {
    guard let writer = unsafe try prepare(event.function, event.frame, event.place) else { return }
    let mark = EventMark(event.function.recordedAs, line, event.place)
    let kind = EventKind(event.kind)
    texts.begin()
    if kind == .unwind {
      switch event.exceptionType {
      case .none: break
      case .some(let type): texts.append { $0.append(typeName: type) }
      }
    } else if keepsValues {
      texts.append { $0.append(event.value, as: .repr) }
    }
    if !texts.isEmpty { return try unsafe store(kind, mark, in: writer) }
    let callLine = event.function.recordedCallLine
    try unsafe attempt(writer, mark.time) { $0.leave(kind, mark, callLine: callLine) }
  }

  mutating func exception(_ event: borrowing ExceptionEvent) throws {
    guard let writer = unsafe try prepare(event.function, event.frame, event.place) else { return }
    texts.begin()
    texts.append { $0.append(className: event.exceptionType) }
    if keepsValues { texts.append { $0.append(messageOf: event.exception) } }
    let mark = EventMark(event.function.recordedAs, event.line, event.place)
    try unsafe store(.exception, mark, in: writer)
  }

  mutating func builtin(_ event: borrowing BuiltinEvent) throws {
    guard let writer = unsafe try prepare(event.function, event.frame, event.place), let file else {
      return
    }
    let kind: EventKind =
      switch event.kind {
      case .call: .builtinCall
      case .return: .builtinReturn
      case .exception: .builtinException
      }
    var number: UInt32 = 0
    let hasRoom = try makingRoom(in: file) { state in
      number = try state.definitions.number(of: event.callee, in: file)
    }
    guard hasRoom else { return unsafe drop(writer, at: event.place.time) }
    texts.begin()
    if keepsValues { texts.append { $0.append(event.callee, as: .repr) } }
    let mark = EventMark(event.function.recordedAs, event.line, event.place)
    try unsafe store(kind, mark, builtin: number, in: writer)
  }

  // MARK: storing

  /// Stores an event, and begins another chunk where there is no room for it.
  private mutating func attempt(
    _ writer: UnsafeMutablePointer<ThreadWriter>, _ time: UInt64,
    _ body: (inout EventEncoder) -> Bool
  ) throws {
    if unsafe body(&writer.pointee.encoder) { return }
    guard try unsafe beginChunk(writer, at: time, need: 0) else {
      return unsafe drop(writer, at: time)
    }
    if unsafe !body(&writer.pointee.encoder) { unsafe drop(writer, at: time) }
  }

  /// Stores an event with the texts that were gathered.
  private mutating func store(
    _ kind: EventKind, _ mark: EventMark, builtin: UInt32 = 0,
    in writer: UnsafeMutablePointer<ThreadWriter>
  ) throws {
    // Texts are to stand in the event's own chunk where chunks may be given up.
    let need = texts.roomNeeded
    if unsafe !writer.pointee.encoder.room(need) {
      guard try unsafe beginChunk(writer, at: mark.time, need: need) else {
        return unsafe drop(writer, at: mark.time)
      }
      if unsafe !writer.pointee.encoder.room(need) { texts.begin() }
    }
    let base = unsafe (writer.pointee.chunk?.offset ?? 0) + UInt64(ChunkHeader.size)
    unsafe texts.store(in: &writer.pointee.encoder, base: base)
    let isStored = texts.withPlaces { places in
      unsafe writer.pointee.encoder.event(kind, mark, builtin: builtin, texts: places)
    }
    if !isStored { unsafe drop(writer, at: mark.time) }
  }

  /// Sees to it that the function is defined, and that the thread has a writer. Nil where nothing is to be
  /// recorded.
  private mutating func prepare(
    _ function: borrowing Function, _ frame: borrowing Frame, _ place: EventPlace
  ) throws -> UnsafeMutablePointer<ThreadWriter>? {
    if isOver { return nil }
    if file == nil {
      guard isChild, settings.followsForks else { return nil }
      file = try makeChildFile()
    }
    guard let file else { return nil }
    let writer = unsafe writer(place.thread) ?? addWriter(place.thread, file)
    let hasRoom = try makingRoom(in: file) { state in
      if unsafe writer.pointee.cell == nil { try unsafe state.enter(writer, frame, place, file) }
      guard !function.isDefined(in: state.serial) else { return }
      try state.definitions.define(function, in: file, of: state.serial)
    }
    if hasRoom { return unsafe writer }
    unsafe drop(writer, at: place.time)
    return nil
  }

  /// Adds what an event needs beside its record: definitions, and its thread's cell. False where the limit
  /// leaves no room for them.
  private mutating func makingRoom(
    in file: RecordingFile, _ body: (inout RecordingState) throws -> Void
  ) throws -> Bool {
    do {
      try body(&self)
      return true
    } catch is RecordingFile.NoRoom {
      guard file.hasRoomForDefinitions, file.oldestClosed == nil,
        try giveUpSilent(before: .max, file)
      else { return false }
    }
    do {
      try body(&self)
      return true
    } catch is RecordingFile.NoRoom { return false }
  }

  private mutating func addWriter(_ thread: Int, _ file: RecordingFile)
    -> UnsafeMutablePointer<ThreadWriter>
  {
    while writerCount <= thread { growWriters() }
    let writer = UnsafeMutablePointer<ThreadWriter>.allocate(capacity: 1)
    unsafe writer.initialize(
      to: ThreadWriter(index: UInt32(thread), nextLength: ThreadWriter.firstLength))
    unsafe writers[thread] = unsafe writer
    return unsafe writer
  }

  private mutating func enter(
    _ writer: UnsafeMutablePointer<ThreadWriter>, _ frame: borrowing Frame, _ place: EventPlace,
    _ file: RecordingFile
  ) throws {
    var cell = ThreadCell()
    cell.index = unsafe writer.pointee.index
    cell.firstTime = place.time
    frame.describeThread(&cell)
    unsafe writer.pointee.cell = try cells.add(cell, to: file)
  }

  private mutating func growWriters() {
    let count = max(16, writerCount * 2)
    let larger = UnsafeMutablePointer<UnsafeMutablePointer<ThreadWriter>?>.allocate(capacity: count)
    unsafe larger.moveInitialize(from: writers, count: writerCount)
    unsafe (larger + writerCount).initialize(repeating: nil, count: count - writerCount)
    unsafe writers.deallocate()
    unsafe writers = larger
    writerCount = count
  }

  /// Closes the thread's chunk and begins the next one. False where the limit is reached.
  ///
  /// - Parameter need: bytes that it is to have room for.
  private mutating func beginChunk(
    _ writer: UnsafeMutablePointer<ThreadWriter>, at time: UInt64, need: Int
  ) throws -> Bool {
    guard let file else { return false }
    let depth = unsafe writer.pointee.encoder.depth
    let stack = unsafe writer.pointee.encoder.stack
    try unsafe closeChunk(writer, file)
    var length = unsafe file.wholePages(
      max(writer.pointee.nextLength, ChunkHeader.size + need + EventEncoder.margin))
    if file.header.maximumSize > 0 { length = file.limitedLength }
    var header = ChunkHeader(kind: .events, length: UInt32(length))
    header.thread = unsafe writer.pointee.index
    header.sequence = unsafe writer.pointee.sequence
    header.time = time
    header.depth = depth
    header.stack = stack
    header.eventsBefore = unsafe writer.pointee.eventsBefore
    let chunk: MappedChunk?
    if file.exceedsLimit(length) {
      if file.header.keepsLast { _ = try giveUpSilent(before: file.oldestClosed ?? .max, file) }
      unsafe chunk = try file.reuseChunk(header)
    } else {
      unsafe chunk = try file.addChunk(header)
    }
    guard let chunk = unsafe chunk else { return false }
    unsafe writer.pointee.chunk = unsafe chunk
    unsafe writer.pointee.sequence += 1
    unsafe writer.pointee.length += length
    unsafe writer.pointee.nextLength = file.wholePages(
      min(max(writer.pointee.length / 4, 1 << 14), 1 << 20))
    unsafe writer.pointee.encoder.begin(chunk.content, time: time, depth: depth, stack: stack)
    texts.chunkBegan()
    return true
  }

  /// Closes the chunk of the thread that has been silent for longest, so that it is the next to be given up.
  /// False where none was silent from a time on.
  private func giveUpSilent(before time: UInt64, _ file: RecordingFile) throws -> Bool {
    var silent: UnsafeMutablePointer<ThreadWriter>?
    var earliest = time
    for index in 0..<writerCount {
      guard let writer = unsafe writers[index], unsafe writer.pointee.chunk != nil,
        unsafe writer.pointee.encoder.time < earliest
      else { continue }
      unsafe silent = unsafe writer
      unsafe earliest = writer.pointee.encoder.time
    }
    guard let silent = unsafe silent else { return false }
    try unsafe closeChunk(silent, file)
    return true
  }

  /// - Parameter isOver: whether the thread begins no other.
  private func closeChunk(
    _ writer: UnsafeMutablePointer<ThreadWriter>, _ file: RecordingFile, isOver: Bool = false
  ) throws {
    guard let chunk = unsafe writer.pointee.chunk else { return }
    let until = unsafe writer.pointee.encoder.time
    let used = unsafe writer.pointee.encoder.used + ChunkHeader.size
    let events = unsafe writer.pointee.encoder.events
    unsafe writer.pointee.eventsBefore += UInt64(events)
    unsafe chunk.store(UInt32(events), at: ChunkHeader.closingOffset)
    unsafe chunk.store(UInt32(used), at: ChunkHeader.closingOffset + 4)
    if let cell = unsafe writer.pointee.cell {
      unsafe cells.store(until, at: ThreadCell.lastOffset, of: cell)
      unsafe cells.store(writer.pointee.eventsBefore, at: ThreadCell.eventsOffset, of: cell)
    }
    unsafe writer.pointee.chunk = nil
    unsafe writer.pointee.encoder.end()
    if !file.isMapped {
      // What events name is in the file before them.
      try definitions.writeOut(to: file)
      try cells.writeOut(to: file)
    }
    if isOver, file.header.maximumSize == 0 {
      try unsafe file.trim(chunk, used: used + EventEncoder.tail)
    } else {
      try unsafe file.close(chunk, events: UInt64(events), until: until)
    }
  }

  /// The event finds no room. It is counted, in the file too.
  private func drop(_ writer: UnsafeMutablePointer<ThreadWriter>, at time: UInt64) {
    unsafe writer.pointee.dropped += 1
    guard let cell = unsafe writer.pointee.cell else { return }
    if unsafe writer.pointee.dropped == 1 {
      unsafe cells.store(time, at: ThreadCell.droppedOffset + 8, of: cell)
    }
    unsafe cells.store(time, at: ThreadCell.droppedOffset + 16, of: cell)
    unsafe cells.store(writer.pointee.dropped, at: ThreadCell.droppedOffset, of: cell)
  }

  // MARK: ends

  mutating func threadEnded(_ thread: Int) throws {
    guard let file, !isOver, let writer = unsafe writer(thread) else { return }
    try unsafe closeChunk(writer, file, isOver: true)
    if let cell = unsafe writer.pointee.cell { unsafe cells.store(UInt8(1), at: 1, of: cell) }
    // A program may start threads without end.
    unsafe ended.events += writer.pointee.events
    unsafe ended.dropped += writer.pointee.dropped
    unsafe writers[thread] = nil
    unsafe writer.deinitialize(count: 1)
    unsafe writer.deallocate()
  }

  /// Writes out what is in no mapping.
  mutating func flush() throws {
    guard let file, !isOver, !file.isMapped else { return }
    try definitions.writeOut(to: file)
    try cells.writeOut(to: file)
    for index in 0..<writerCount {
      guard let writer = unsafe writers[index], let chunk = unsafe writer.pointee.chunk else {
        continue
      }
      try unsafe file.writeOut(chunk)
    }
  }

  /// In the child of a fork: the parent's chunks are not mapped here, and its file is left alone.
  mutating func forked() {
    guard !isOver else { return }
    for index in 0..<writerCount {
      guard let writer = unsafe writers[index] else { continue }
      let thread = unsafe writer.pointee.index
      unsafe writer.pointee = ThreadWriter(index: thread, nextLength: ThreadWriter.firstLength)
    }
    definitions = DefinitionWriter()
    cells = ThreadCells()
    texts.forget()
    serial = nextRecordingSerial()
    ended = (0, 0)
    messages.forked()
    file = nil
    isChild = true
  }

  mutating func finish() throws {
    guard !isOver else { return }
    isOver = true
    guard let file else { return }
    var failure: (any Error)?
    func trying(_ body: () throws -> Void) {
      do { try body() } catch { failure = failure ?? error }
    }
    for index in 0..<writerCount {
      guard let writer = unsafe writers[index] else { continue }
      trying { try unsafe closeChunk(writer, file, isOver: true) }
    }
    trying { try definitions.close(in: file) }
    trying { try cells.close(in: file) }
    trying { try file.finish() }
    if let failure { throw failure }
    if settings.tellsAtEnd, !isChild { tell() }
  }

  /// Says in one line what this process and its children have recorded. Children may still run.
  private func tell() {
    let own = summary
    var (files, events, bytes, dropped) = (1, own.events, own.bytes, own.dropped)
    // The folder may be gone; the file has been written nevertheless.
    if let reader = try? TraceReader(path: rootPath) {
      let counts = reader.files.map { $0.countEvents() }
      files = counts.count
      events = counts.reduce(0) { $0 + $1.kept }
      dropped = counts.reduce(0) { $0 + $1.dropped }
      bytes = reader.files.reduce(0) { $0 + $1.size }
    }
    messages.tell(
      "recorded \(grouped(events)) events in \(files == 1 ? "1 file" : "\(files) files"), "
        + "\(grouped(bytes)) bytes, \(grouped(dropped)) dropped: \(own.path)")
  }

  // MARK: files

  private func makeHeader() -> FileHeader {
    var header = FileHeader()
    header.family = family
    header.processID = UInt32(getpid())
    header.parentID = UInt32(getppid())
    header.isRoot = !isChild
    let clock = SharedClock.shared
    header.countsPerSecond = clock.countsPerSecond
    header.clock = clock.countsPerSecond > 0 ? .counter : .system
    header.start = clock.now()
    header.wallStart = wallTime()
    header.maximumSize = settings.maximumSize ?? 0
    header.keepsLast = settings.keep == .last
    header.hasValues = settings.keepsValues
    header.python = settings.about.python
    header.platform = settings.about.platform
    header.arguments = settings.about.arguments
    header.options = settings.about.options
    header.folder = String(decoding: absolute([]), as: UTF8.self)
    return header
  }

  /// A child's file lies beside the first one, and has the process's number in its name.
  private func makeChildFile() throws -> RecordingFile {
    var attempt = 1
    while true {
      let path = RecordingFamily.childPath(rootPath, process: getpid(), attempt: attempt)
      do { return try RecordingFile(path: path, header: makeHeader()) } catch let error
        as SystemError
        where error.code == EEXIST && attempt < 1000
      {
        attempt += 1  // The number was another process's before, or this one's before an exec.
      }
    }
  }
}
