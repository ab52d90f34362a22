import TraceFormat

/// A recording's state for one thread. In a forked child it may be all zero: see `WriterPool`.
struct ThreadWriter {
  /// Programs that start threads without end are to leave no more than this for each.
  static let firstLength = 1 << 12

  let index: UInt32
  /// Distinguishes the file that is written to from the others of the process.
  let serial: UInt64
  /// Has no room before the first event, after a fork, and where the recording's limit is reached.
  var encoder = EventEncoder()
  var chunk: MappedChunk?
  /// Chunks that the thread has begun.
  var sequence: UInt64 = 0
  /// Events in those that are closed.
  var eventsBefore: UInt64 = 0
  var dropped: UInt64 = 0
  /// Those of them that were counted in the file's header, because the thread had no cell.
  var droppedBefore: UInt64 = 0
  /// Of a recording that leaves out short calls: those that are running.
  var openCalls: [OpenCall] = []
  /// Its thread's entry in the file.
  var cell: ThreadCells.Place?

  /// Bytes of the chunks that it has begun.
  var length = 0
  /// The length of the next chunk: a quarter of those before. Threads of few events need little,
  /// and those of many are not to begin one often.
  var nextLength: Int

  /// Frees everything that a writer owns, but not its memory, which is the pool's.
  static func deinitialize(_ writer: Pinned<ThreadWriter>) {
    writer.value.encoder.free()
    writer.deinitialize()
  }

  /// Events that were recorded.
  var events: UInt64 { eventsBefore + UInt64(encoder.events) }
}
