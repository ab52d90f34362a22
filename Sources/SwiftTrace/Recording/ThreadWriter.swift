import TraceFormat

/// A recording's state for one thread. In a forked child it may be all zero: see `WriterPool`.
struct ThreadWriter {
  /// Length of a thread's first chunk in bytes. Small, because a program may start any number of
  /// threads.
  static let firstLength = 1 << 12

  let index: UInt32
  /// Number of the file that is written: `RecordingState.serial`.
  let serial: UInt64
  /// The encoder; full before the first event, after a fork, and if the recording's limit is
  /// reached.
  var encoder = EventEncoder()
  var chunk: MappedChunk?
  /// Number of chunks that the thread has begun.
  var sequence: UInt64 = 0
  /// Number of events in the closed chunks.
  var eventsBefore: UInt64 = 0
  var dropped: UInt64 = 0
  /// Number of dropped events that were counted in the file's header, because the thread had no
  /// entry.
  var droppedBefore: UInt64 = 0
  /// The calls that are running, if the recording omits short ones.
  var openCalls: [OpenCall] = []
  /// The thread's entry in the thread directory.
  var entry: ThreadDirectory.Position?

  /// Total length of the chunks that the thread has begun, in bytes.
  var length = 0
  /// Length of the next chunk in bytes: a quarter of the total, so that threads with few events
  /// need little, and those with many seldom begin a chunk.
  var nextLength: Int

  /// Frees everything that a writer owns, but not its memory, which belongs to the pool.
  static func deinitialize(_ writer: Pinned<ThreadWriter>) {
    writer.value.encoder.free()
    writer.deinitialize()
  }

  /// Number of recorded events.
  var events: UInt64 { eventsBefore + UInt64(encoder.events) }
}
