import TraceFormat

/// What a recording keeps for one thread. In a child that was forked it may be all zero: see
/// `WriterPool`.
@unsafe struct ThreadWriter {
  /// Programs that start threads without end are to leave no more than this for each.
  static let firstLength = 1 << 12

  let index: UInt32
  /// Tells the file that is written to from the others of the process.
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
  /// Where its cell stands.
  var cell: UnsafeMutableRawPointer?

  /// Bytes of the chunks that it has begun.
  var length = 0
  /// The length of the next chunk: a quarter of those before. Threads of few events need little, those of
  /// many are not to begin one often.
  var nextLength: Int

  /// Frees what a writer owns. Its memory goes back to the pool that it came from.
  static func destroy(_ writer: UnsafeMutablePointer<ThreadWriter>) {
    unsafe writer.pointee.encoder.free()
    unsafe writer.deinitialize(count: 1)
  }

  /// Events that were recorded.
  var events: UInt64 { unsafe eventsBefore + UInt64(encoder.events) }
}
