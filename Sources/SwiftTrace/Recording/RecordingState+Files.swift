import CPlatform
import Glibc
import TraceFormat

/// The files of the first process and of its children.
extension RecordingState {
  func makeHeader() -> FileHeader {
    var header = FileHeader()
    header.family = family
    header.processID = UInt32(getpid())
    header.parentID = UInt32(getppid())
    header.processStart = WritingProcess.start(of: getpid()) ?? 0
    header.isRoot = !isChild
    let clock = SharedClock.shared
    header.countsPerSecond = clock.countsPerSecond
    header.clock = clock.countsPerSecond > 0 ? .counter : .system
    header.start = clock.now()
    header.wallStart = CPlatform_wallTime()
    header.maximumSize = settings.maximumSize ?? 0
    header.keepsLast = settings.keep == .last
    header.hasValues = settings.keepsValues
    // A host provides only the facts that it wants to.
    let about = settings.about
    header.python = about.python.isEmpty ? HookRegistration.pythonVersion : about.python
    header.platform = about.platform.isEmpty ? HookRegistration.platform : about.platform
    header.arguments = settings.about.arguments
    header.options = settings.about.options
    header.folder = String(decoding: absolute([]), as: UTF8.self)
    return header
  }

  /// Creates a child's file beside the first one, with the process ID in its name.
  func makeChildFile() throws -> RecordingFile {
    MemoryReserve.ensure(1 << 18)
    var attempt = 1
    while true {
      let path = RecordingFamily.childPath(rootPath, process: getpid(), attempt: attempt)
      do { return try RecordingFile(path: path, header: makeHeader()) } catch let error
        as SystemError
        where error.code == EEXIST && attempt < 1000
      {
        attempt += 1  // Used by an earlier process of that number, or by this one before an exec.
      }
    }
  }
}
