import TraceFormat

/// The writers of threads, and the chunks that they begin and close.
extension RecordingState {
  /// Stores an event, in a new chunk if the current one is full.
  mutating func encodeStartingChunkIfFull(
    _ writer: Pinned<ThreadWriter>, _ time: UInt64,
    _ body: (inout EventEncoder) -> Bool
  ) throws {
    if body(&writer.value.encoder) { return }
    guard try beginChunk(writer, at: time, need: 0) else {
      return drop(writer, at: time)
    }
    if !body(&writer.value.encoder) { drop(writer, at: time) }
  }

  /// Stores an event with the gathered texts.
  ///
  /// - Parameter task: address of the frame, if the event is the call of a task's outermost frame;
  ///   else 0.
  /// - Returns: false if there was no space; the event is counted as dropped.
  @discardableResult
  mutating func store(
    _ kind: EventKind, _ header: EventHeader, cFunction: UInt32 = 0, task: UInt64 = 0,
    in writer: Pinned<ThreadWriter>
  ) throws -> Bool {
    // With eviction, texts must be in the same chunk as the event that refers to them.
    let need = texts.roomNeeded
    if !writer.value.encoder.room(need) {
      guard try beginChunk(writer, at: header.time, need: need) else {
        drop(writer, at: header.time)
        return false
      }
      if !writer.value.encoder.room(need) { texts.begin() }
    }
    let base = (writer.value.chunk?.offset ?? 0) + UInt64(ChunkHeader.size)
    texts.store(in: &writer.value.encoder, base: base)
    let isStored = texts.withPlaces { places in
      if task != 0, !writer.value.encoder.task(header, at: task, begins: true) {
        return false
      }
      return writer.value.encoder.event(kind, header, cFunction: cFunction, texts: places)
    }
    if !isStored { drop(writer, at: header.time) }
    return isStored
  }

  /// Defines the function and creates the thread's writer, if they are missing. Returns `nil` if
  /// the event is not to be recorded, or is dropped.
  mutating func prepare(
    _ function: borrowing Function, _ frame: borrowing Frame, _ place: EventPlace
  ) throws -> Pinned<ThreadWriter>? {
    if isOver { return nil }
    if file == nil {
      guard isChild, settings.followsForks else { return nil }
      file = try makeChildFile()
    }
    guard let file else { return nil }
    let writer = writer(place.thread) ?? addWriter(place.thread)
    let hasRoom = try makingRoom(in: file) { state in
      if writer.value.entry == nil { try state.enter(writer, frame, place, file) }
      guard !function.isDefined(in: state.serial) else { return }
      try state.definitions.define(function, in: file, of: state.serial)
    }
    if hasRoom { return writer }
    drop(writer, at: place.time)
    return nil
  }

  /// Runs code that adds definitions or the entry of a thread. If there is no space, closes the
  /// chunk of an idle thread, so that it can be evicted, and runs the code again. Returns false if
  /// the limit leaves no space.
  mutating func makingRoom(
    in file: RecordingFile, _ body: (inout RecordingState) throws -> Void
  ) throws -> Bool {
    do {
      try body(&self)
      return true
    } catch is RecordingFile.NoRoom {
      guard file.hasRoomForDefinitions, file.oldestClosed == nil,
        try evictIdleThread(before: .max, file)
      else { return false }
    }
    do {
      try body(&self)
      return true
    } catch is RecordingFile.NoRoom { return false }
  }

  mutating func addWriter(_ thread: Int) -> Pinned<ThreadWriter> {
    MemoryReserve.ensure(MemoryReserve.usual + 32 * (writerCount + 16))
    while writerCount <= thread { growWriters() }
    let writer = pool.add(
      ThreadWriter(index: UInt32(thread), serial: serial, nextLength: ThreadWriter.firstLength))
    writer.value.encoder.resumesByNumber = settings.minimumDuration > 0
    writers[thread] = writer
    return writer
  }

  mutating func enter(
    _ writer: Pinned<ThreadWriter>, _ frame: borrowing Frame, _ place: EventPlace,
    _ file: RecordingFile
  ) throws {
    var entry = ThreadCell()
    entry.index = writer.value.index
    entry.firstTime = place.time
    frame.describeThread(&entry)
    writer.value.entry = try threadDirectory.add(entry, to: file)
  }

  mutating func growWriters() {
    let count = max(16, writerCount * 2)
    let larger = FixedBuffer<Pinned<ThreadWriter>?>(repeating: nil, count: count)
    larger.update(from: writers, count: writerCount)
    writers.free()
    writers = larger
    writerCount = count
  }

  /// Closes the thread's chunk and begins the next one. Returns false if the limit is reached.
  ///
  /// - Parameter need: bytes for which the chunk must have space.
  mutating func beginChunk(
    _ writer: Pinned<ThreadWriter>, at time: UInt64, need: Int
  ) throws -> Bool {
    MemoryReserve.ensure()
    guard let file else { return false }
    let depth = writer.value.encoder.depth
    let stack = writer.value.encoder.stack
    try closeChunk(writer, file)
    var length = file.wholePages(
      max(writer.value.nextLength, ChunkHeader.size + need + EventEncoder.margin))
    if file.header.maximumSize > 0 { length = file.limitedLength }
    var header = ChunkHeader(kind: .events, length: UInt32(length))
    header.thread = writer.value.index
    header.sequence = writer.value.sequence
    header.time = time
    header.depth = depth
    header.stack = stack
    header.eventsBefore = writer.value.eventsBefore
    let chunk: MappedChunk?
    if file.exceedsLimit(length) {
      if file.header.keepsLast { _ = try evictIdleThread(before: file.oldestClosed ?? .max, file) }
      chunk = try file.reuseChunk(header)
    } else {
      do { chunk = try file.addChunk(header) } catch is RecordingFile.NoRoom {
        return false
      }
    }
    guard let chunk else { return false }
    writer.value.chunk = chunk
    writer.value.sequence += 1
    writer.value.length += length
    writer.value.nextLength = file.wholePages(
      min(max(writer.value.length / 4, 1 << 14), 1 << 20))
    chunk.begin(&writer.value.encoder, time: time, depth: depth, stack: stack)
    texts.chunkBegan()
    return true
  }

  /// Closes the chunk of the thread that has been idle longest, so that it is evicted next. Returns
  /// false if there is no thread whose last event was before `time`.
  mutating func evictIdleThread(before time: UInt64, _ file: RecordingFile) throws -> Bool {
    var idle: Pinned<ThreadWriter>?
    var earliest = time
    for index in 0..<writerCount {
      guard let writer = writers[index], writer.value.chunk != nil,
        writer.value.encoder.time < earliest
      else { continue }
      idle = writer
      earliest = writer.value.encoder.time
    }
    guard let idle else { return false }
    try closeChunk(idle, file)
    return true
  }

  /// Closes the thread's chunk.
  ///
  /// - Parameter isOver: whether the thread begins no other.
  mutating func closeChunk(
    _ writer: Pinned<ThreadWriter>, _ file: RecordingFile, isOver: Bool = false
  ) throws {
    guard let chunk = writer.value.chunk else { return }
    let until = writer.value.encoder.time
    let used = writer.value.encoder.used + ChunkHeader.size
    let events = writer.value.encoder.events
    writer.value.eventsBefore += UInt64(events)
    chunk.seal(used: used, events: events)
    if let entry = writer.value.entry {
      threadDirectory.store(until, at: ThreadCell.lastOffset, of: entry)
      threadDirectory.store(writer.value.eventsBefore, at: ThreadCell.eventsOffset, of: entry)
    }
    writer.value.chunk = nil
    writer.value.encoder.end()
    if !file.isMapped {
      // Definitions are in the file before the events that refer to them.
      do {
        try definitions.writeOut(to: file)
        try threadDirectory.writeOut(to: file)
      } catch is RecordingFile.NoRoom {}
    }
    do {
      if isOver, file.header.maximumSize == 0 {
        try file.trim(chunk, used: used + EventEncoder.tail)
      } else {
        try file.close(chunk, events: UInt64(events), until: until)
      }
    } catch is RecordingFile.NoRoom {
      // A chunk that is not mapped, of an unreachable file: its events are lost.
      writer.value.eventsBefore -= UInt64(events)
      for _ in 0..<events { drop(writer, at: until) }
    }
  }

  /// Counts an event as dropped, also in the file.
  mutating func drop(_ writer: Pinned<ThreadWriter>, at time: UInt64) {
    writer.value.dropped += 1
    if let file, file.isUnreachable, !hasReportedLoss {
      hasReportedLoss = true
      messages.report(
        "\(String(decoding: file.path, as: UTF8.self)) cannot be reached any more: "
          + "events are counted from here on, and not kept")
    }
    guard let entry = writer.value.entry else {
      writer.value.droppedBefore += 1
      file?.countLost(at: time)
      return
    }
    let count = writer.value.dropped - writer.value.droppedBefore
    if count == 1 { threadDirectory.store(time, at: ThreadCell.droppedOffset + 8, of: entry) }
    threadDirectory.store(time, at: ThreadCell.droppedOffset + 16, of: entry)
    threadDirectory.store(count, at: ThreadCell.droppedOffset, of: entry)
  }
}
