import TraceFormat

/// A call that is running, in a recording that omits short ones.
struct OpenCall {
  let depth: Int32
  let time: UInt64
  /// State of the encoder before the call. The chunk may have been closed since.
  let checkpoint: EventEncoder.Checkpoint
  /// Sequence number of that chunk.
  let chunk: UInt64
}

/// Omits short calls. A call is recorded at once like any other, so that nothing is lost if the
/// program is killed, and taken back at its end.
extension RecordingState {
  /// Remembers a call that is about to be recorded.
  mutating func open(_ header: EventHeader, in writer: Pinned<ThreadWriter>) {
    forget(header.depth, in: writer)
    let call = OpenCall(
      depth: header.depth, time: header.time, checkpoint: writer.value.encoder.checkpoint,
      chunk: writer.value.sequence)
    let count = writer.value.openCalls.count
    if count == writer.value.openCalls.capacity {
      MemoryReserve.ensure((count + 16) * 2 * MemoryLayout<OpenCall>.stride)
    }
    writer.value.openCalls.append(call)
  }

  /// Takes back the call of a frame whose end has been recorded, if it was short.
  mutating func close(_ header: EventHeader, in writer: Pinned<ThreadWriter>) {
    forget(header.depth + 1, in: writer)
    guard let call = writer.value.openCalls.last, call.depth == header.depth else { return }
    writer.value.openCalls.removeLast()
    guard header.time &- call.time < settings.minimumDuration,
      call.chunk == writer.value.sequence
    else { return }
    // A call that ends in another chunk or on another stack than it began is kept.
    _ = writer.value.encoder.goBack(to: call.checkpoint)
  }

  /// Forgets open calls from a depth on: their frames ended unseen, or were suspended.
  mutating func forget(_ depth: Int32, in writer: Pinned<ThreadWriter>) {
    while let last = writer.value.openCalls.last, last.depth >= depth {
      writer.value.openCalls.removeLast()
    }
  }
}
