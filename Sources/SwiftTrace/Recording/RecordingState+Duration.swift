import TraceFormat

/// A call that is running, of a recording that leaves out short ones.
struct OpenCall {
  let depth: Int32
  let time: UInt64
  /// Where its chunk was before it: that may be one that is closed.
  let checkpoint: EventEncoder.Checkpoint
  /// The number of that chunk.
  let chunk: UInt64
}

/// The leaving out of short calls: a call is recorded at once, as all are, so that nothing is lost
/// when the program is killed; and taken back at its end.
extension RecordingState {
  /// A call is about to be recorded.
  mutating func open(_ mark: EventHeader, in writer: Pinned<ThreadWriter>) {
    forget(mark.depth, in: writer)
    let call = OpenCall(
      depth: mark.depth, time: mark.time, checkpoint: writer.value.encoder.checkpoint,
      chunk: writer.value.sequence)
    let count = writer.value.openCalls.count
    if count == writer.value.openCalls.capacity {
      MemoryReserve.ensure((count + 16) * 2 * MemoryLayout<OpenCall>.stride)
    }
    writer.value.openCalls.append(call)
  }

  /// A frame was left for good, which has been recorded.
  mutating func close(_ mark: EventHeader, in writer: Pinned<ThreadWriter>) {
    forget(mark.depth + 1, in: writer)
    guard let call = writer.value.openCalls.last, call.depth == mark.depth else { return }
    writer.value.openCalls.removeLast()
    guard mark.time &- call.time < settings.minimumDuration,
      call.chunk == writer.value.sequence
    else { return }
    // What ends in another chunk than it began in, or on another stack, stays.
    _ = writer.value.encoder.goBack(to: call.checkpoint)
  }

  /// Of frames from a depth on nothing is open any more: they ended unseen, or were suspended.
  mutating func forget(_ depth: Int32, in writer: Pinned<ThreadWriter>) {
    while let last = writer.value.openCalls.last, last.depth >= depth {
      writer.value.openCalls.removeLast()
    }
  }
}
