import TraceFormat

/// What a recording keeps for one thread.
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
  /// Of a recording that leaves out short calls: those that are running.
  var openCalls: [OpenCall] = []
  /// Where its cell stands.
  var cell: UnsafeMutableRawPointer?

  /// Bytes of the chunks that it has begun.
  var length = 0
  /// The length of the next chunk: a quarter of those before. Threads of few events need little, those of
  /// many are not to begin one often.
  var nextLength: Int

  static func free(_ writer: UnsafeMutablePointer<ThreadWriter>) {
    unsafe writer.pointee.encoder.free()
    unsafe writer.deinitialize(count: 1)
    unsafe writer.deallocate()
  }

  /// Events that were recorded.
  var events: UInt64 { unsafe eventsBefore + UInt64(encoder.events) }
}
