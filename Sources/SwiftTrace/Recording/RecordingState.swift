import Glibc
import TraceFormat

/// The state of a recording that is being written. Used with the GIL held.
struct RecordingState: ~Copyable {
  let keepsValues: Bool
  /// Whether events go to the file as they come: no values, and no calls to be left out.
  let isPlain: Bool
  /// Tells what is defined in this file from what was in another; changes with a fork.
  var serial = nextRecordingSerial()

  /// `writerCount` entries, each `nil` or a writer of this state's own, which lives until `deinit`.
  var writers: FixedBuffer<Pinned<ThreadWriter>?>
  var writerCount = 0
  var pool = WriterPool()

  let settings: RecordingSettings
  /// The path of the first process's file.
  let rootPath: [UInt8]
  let family: (UInt64, UInt64)
  /// Nil in a forked child before its first event, and where it is not to be recorded.
  var file: RecordingFile?
  var definitions = DefinitionWriter()
  var cells = ThreadCells()
  var texts = TextTable()
  /// The child of a fork that has no file yet.
  var isChild = false
  /// Nothing more is to be written.
  var isOver = false
  /// On what is standard error when the recording begins.
  var messages = Messages()
  /// What the writers of threads that are over have recorded and dropped.
  var ended = (events: UInt64(0), dropped: UInt64(0))
  /// Whether it was reported that the file cannot be reached.
  var hasReportedLoss = false

  /// Creates the file.
  init(path: [UInt8], _ settings: RecordingSettings) throws {
    writers = FixedBuffer([])
    self.settings = settings
    keepsValues = settings.keepsValues
    isPlain = !keepsValues && settings.minimumDuration == 0
    rootPath = absolute(path)
    isChild = settings.about.isChild
    family = settings.about.family ?? randomFamily()
    if isChild {
      file = try makeChildFile()
    } else {
      if settings.replaces { try RecordingFamily.remove(rootPath) }
      try RecordingFamily.refuseFolder(rootPath)
      file = try RecordingFile(path: rootPath, header: makeHeader())
    }
    texts.isLocal = settings.keep == .last && settings.maximumSize != nil
    texts.isShared = settings.minimumDuration == 0
  }

  deinit {
    for index in 0..<writerCount {
      guard let writer = writers[index] else { continue }
      // A child that has not noticed its fork has nothing left to free.
      if pool.isWiped { continue }
      if let chunk = writer.value.chunk { chunk.unmap() }
      ThreadWriter.deinitialize(writer)
    }
    writers.free()
  }

  var summary: RecordingSummary {
    var (events, dropped) = ended
    for index in 0..<writerCount {
      guard let writer = writers[index] else { continue }
      events += writer.value.events
      dropped += writer.value.dropped
    }
    return RecordingSummary(
      path: String(decoding: file?.path ?? rootPath, as: UTF8.self),
      events: events - (file?.reusedEvents ?? 0),
      bytes: file?.size ?? 0, dropped: dropped + (file?.reusedEvents ?? 0))
  }

  /// The thread's writer, once it has one.
  @inline(__always)
  func writer(_ thread: Int) -> Pinned<ThreadWriter>? {
    thread < writerCount ? writers[thread] : nil
  }
}
