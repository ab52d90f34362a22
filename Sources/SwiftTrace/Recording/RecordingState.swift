import Glibc
import TraceFormat

/// The state of a recording that is being written. Used with the GIL held.
struct RecordingState: ~Copyable {
  let keepsValues: Bool
  /// Whether events can be stored at once: no values are kept and no calls omitted.
  let isPlain: Bool
  /// Number of the file, unique in the process: functions that were defined in another file have
  /// another. Changes at a fork.
  var serial = nextRecordingSerial()

  /// Array of `writerCount` entries, each `nil` or a writer. The state owns the writers, until
  /// `deinit` at the latest.
  var writers: FixedBuffer<Pinned<ThreadWriter>?>
  var writerCount = 0
  var pool = WriterPool()

  let settings: RecordingSettings
  /// The path of the first process's file.
  let rootPath: [UInt8]
  let family: (UInt64, UInt64)
  /// The process's file. `nil` in a forked child before its first event, and if it is not to
  /// record.
  var file: RecordingFile?
  var definitions = DefinitionWriter()
  var threadDirectory = ThreadDirectory()
  var texts = TextTable()
  /// Whether the process is not the first of the run.
  var isChild = false
  /// Whether the recording has ended.
  var isOver = false
  /// Output for warnings, to the file that is standard error when the recording begins.
  var messages = Messages()
  /// Recorded and dropped events of threads that have ended.
  var ended = (events: UInt64(0), dropped: UInt64(0))
  /// Whether it was reported that the file is unreachable.
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
      // A child that has not noticed its fork has nothing to free.
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

  /// The thread's writer; `nil` if it has none yet.
  @inline(__always)
  func writer(_ thread: Int) -> Pinned<ThreadWriter>? {
    thread < writerCount ? writers[thread] : nil
  }
}
