import Glibc
import TraceFormat

/// The end of a thread, of the parent's file in a forked child, and of the recording.
extension RecordingState {
  /// Detects a fork that was not announced, by C code without the GIL or by the system call alone,
  /// and begins a separate recording in the child.
  @inline(__always)
  mutating func noticeFork() {
    if pool.isWiped { forked() }
  }

  mutating func threadEnded(_ thread: Int) throws {
    noticeFork()
    guard let file, !isOver, let writer = writer(thread) else { return }
    try closeChunk(writer, file, isOver: true)
    if let entry = writer.value.entry { threadDirectory.store(UInt8(1), at: 1, of: entry) }
    // The writer is freed now, because a program may start any number of threads.
    ended.events += writer.value.events
    ended.dropped += writer.value.dropped
    writers[thread] = nil
    pool.remove(writer)
  }

  /// Writes the chunks that are not mapped.
  mutating func flush() throws {
    noticeFork()
    guard let file, !isOver, !file.isMapped else { return }
    try definitions.writeOut(to: file)
    try threadDirectory.writeOut(to: file)
    for index in 0..<writerCount {
      guard let writer = writers[index], let chunk = writer.value.chunk else {
        continue
      }
      try file.writeOut(chunk)
    }
  }

  /// Stores the end of the program, if there is room for it.
  mutating func programEnded(_ end: ProgramEnd) throws {
    noticeFork()
    guard let file, !isOver else { return }
    var end = end
    if !keepsValues { end.exception?.message = nil }
    do { try definitions.add(end, to: file) } catch is RecordingFile.NoRoom {}
  }

  /// Resets the state in a forked child. The parent's chunks are not mapped here, and its file is
  /// left alone.
  mutating func forked() {
    guard !isOver else { return }
    serial = nextRecordingSerial()
    let isWiped = pool.isWiped
    pool.setMark()
    for index in 0..<writerCount {
      guard let writer = writers[index] else { continue }
      if !isWiped { ThreadWriter.deinitialize(writer) }
      writer.overwrite(
        with: ThreadWriter(
          index: UInt32(index), serial: serial, nextLength: ThreadWriter.firstLength))
      writer.value.encoder.resumesByNumber = settings.minimumDuration > 0
    }
    definitions = DefinitionWriter()
    threadDirectory = ThreadDirectory()
    texts.forget()
    ended = (0, 0)
    messages.forked()
    file = nil
    isChild = true
  }

  mutating func finish() throws {
    noticeFork()
    guard !isOver else { return }
    isOver = true
    guard let file else { return }
    if MemoryReserve.isShort { file.fail() }
    let wasCutOff = file.isCutOff
    var failure: (any Error)?
    func trying(_ body: () throws -> Void) {
      do { try body() } catch { failure = failure ?? error }
    }
    for index in 0..<writerCount {
      guard let writer = writers[index] else { continue }
      trying { try closeChunk(writer, file, isOver: true) }
    }
    trying { try definitions.close(in: file) }
    trying { try threadDirectory.close(in: file) }
    trying { try file.finish() }
    if let cutOff = failure as? RecordingFile.CutOff {
      if !wasCutOff { messages.report("Recorder failed, tracing has ended: \(cutOff)") }
      return
    }
    if let failure, !(failure is RecordingFile.NoRoom) { throw failure }
    if !isChild, !MemoryReserve.isShort { reportTotals() }
  }

  /// Prints one line about the files of this process and of its children, which may still be
  /// running.
  func reportTotals() {
    guard let readTotals = settings.readTotals else { return }
    let own = summary
    // The folder may be gone, but the file was written.
    let all =
      readTotals(rootPath)
      ?? RecordingTotals(files: 1, events: own.events, bytes: own.bytes, dropped: own.dropped)
    messages.report(
      "recorded \(grouped(all.events)) events in "
        + "\(all.files == 1 ? "1 file" : "\(all.files) files"), "
        + "\(grouped(all.bytes)) bytes, \(grouped(all.dropped)) dropped: \(own.path)"
        + (file?.isRemoved == true ? ", which was removed or replaced meanwhile" : "")
        + settings.note)
  }
}
