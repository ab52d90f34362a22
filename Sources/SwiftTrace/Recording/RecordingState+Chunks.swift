import TraceFormat

/// Where events are stored: threads' writers, and the chunks that they begin and close.
extension RecordingState {
  /// Stores an event, and begins another chunk where there is no room for it.
  mutating func attempt(
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
  ///
  /// - Parameter task: where the frame is, if a call is that of a task's outermost one; else 0.
  /// - Returns: false where it found no room, and was counted as dropped.
  @discardableResult
  mutating func store(
    _ kind: EventKind, _ mark: EventMark, builtin: UInt32 = 0, task: UInt64 = 0,
    in writer: UnsafeMutablePointer<ThreadWriter>
  ) throws -> Bool {
    // Texts are to stand in the event's own chunk where chunks may be given up.
    let need = texts.roomNeeded
    if unsafe !writer.pointee.encoder.room(need) {
      guard try unsafe beginChunk(writer, at: mark.time, need: need) else {
        unsafe drop(writer, at: mark.time)
        return false
      }
      if unsafe !writer.pointee.encoder.room(need) { texts.begin() }
    }
    let base = unsafe (writer.pointee.chunk?.offset ?? 0) + UInt64(ChunkHeader.size)
    unsafe texts.store(in: &writer.pointee.encoder, base: base)
    let isStored = texts.withPlaces { places in
      if task != 0, unsafe !writer.pointee.encoder.task(mark, at: task, begins: true) {
        return false
      }
      return unsafe writer.pointee.encoder.event(kind, mark, builtin: builtin, texts: places)
    }
    if !isStored { unsafe drop(writer, at: mark.time) }
    return isStored
  }

  /// Sees to it that the function is defined, and that the thread has a writer. Nil where nothing is to be
  /// recorded.
  mutating func prepare(
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
  mutating func makingRoom(
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

  mutating func addWriter(_ thread: Int, _ file: RecordingFile)
    -> UnsafeMutablePointer<ThreadWriter>
  {
    MemoryReserve.ensure(MemoryReserve.usual + 32 * (writerCount + 16))
    while writerCount <= thread { growWriters() }
    let writer = unsafe pool.allocate() ?? .allocate(capacity: 1)
    unsafe writer.initialize(
      to: ThreadWriter(
        index: UInt32(thread), serial: serial, nextLength: ThreadWriter.firstLength))
    unsafe writer.pointee.encoder.resumesByNumber = settings.minimumDuration > 0
    unsafe writers[thread] = unsafe writer
    return unsafe writer
  }

  mutating func enter(
    _ writer: UnsafeMutablePointer<ThreadWriter>, _ frame: borrowing Frame, _ place: EventPlace,
    _ file: RecordingFile
  ) throws {
    var cell = ThreadCell()
    cell.index = unsafe writer.pointee.index
    cell.firstTime = place.time
    frame.describeThread(&cell)
    unsafe writer.pointee.cell = try cells.add(cell, to: file)
  }

  mutating func growWriters() {
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
  mutating func beginChunk(
    _ writer: UnsafeMutablePointer<ThreadWriter>, at time: UInt64, need: Int
  ) throws -> Bool {
    MemoryReserve.ensure()
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
      do { unsafe chunk = try file.addChunk(header) } catch is RecordingFile.NoRoom {
        return false
      }
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
  mutating func giveUpSilent(before time: UInt64, _ file: RecordingFile) throws -> Bool {
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
  mutating func closeChunk(
    _ writer: UnsafeMutablePointer<ThreadWriter>, _ file: RecordingFile, isOver: Bool = false
  ) throws {
    guard let chunk = unsafe writer.pointee.chunk else { return }
    let until = unsafe writer.pointee.encoder.time
    let used = unsafe writer.pointee.encoder.used + ChunkHeader.size
    let events = unsafe writer.pointee.encoder.events
    unsafe writer.pointee.eventsBefore += UInt64(events)
    unsafe chunk.seal(used: used, events: events)
    if let cell = unsafe writer.pointee.cell {
      unsafe cells.store(until, at: ThreadCell.lastOffset, of: cell)
      unsafe cells.store(writer.pointee.eventsBefore, at: ThreadCell.eventsOffset, of: cell)
    }
    unsafe writer.pointee.chunk = nil
    unsafe writer.pointee.encoder.end()
    if !file.isMapped {
      // What events name is in the file before them.
      do {
        try definitions.writeOut(to: file)
        try cells.writeOut(to: file)
      } catch is RecordingFile.NoRoom {}
    }
    do {
      if isOver, file.header.maximumSize == 0 {
        try unsafe file.trim(chunk, used: used + EventEncoder.tail)
      } else {
        try unsafe file.close(chunk, events: UInt64(events), until: until)
      }
    } catch is RecordingFile.NoRoom {
      // A chunk that was not mapped, of a file that cannot be reached.
      unsafe writer.pointee.eventsBefore -= UInt64(events)
      for _ in 0..<events { unsafe drop(writer, at: until) }
    }
  }

  /// The event finds no room. It is counted, in the file too.
  mutating func drop(_ writer: UnsafeMutablePointer<ThreadWriter>, at time: UInt64) {
    unsafe writer.pointee.dropped += 1
    if let file, file.isUnreachable, !hasReportedLoss {
      hasReportedLoss = true
      messages.tell(
        "\(String(decoding: file.path, as: UTF8.self)) cannot be reached any more: "
          + "events are counted from here on, and not kept")
    }
    guard let cell = unsafe writer.pointee.cell else {
      unsafe writer.pointee.droppedBefore += 1
      file?.countLost(at: time)
      return
    }
    let count = unsafe writer.pointee.dropped - writer.pointee.droppedBefore
    if count == 1 { unsafe cells.store(time, at: ThreadCell.droppedOffset + 8, of: cell) }
    unsafe cells.store(time, at: ThreadCell.droppedOffset + 16, of: cell)
    unsafe cells.store(count, at: ThreadCell.droppedOffset, of: cell)
  }
}
