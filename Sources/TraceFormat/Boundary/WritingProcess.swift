import Glibc
import TraceFormat

/// The process that is writing a recording at this moment.
public enum WritingProcess {
  /// Returns the number of the process that is writing the recording at a path; `nil` if none does,
  /// or the file is not a recording.
  ///
  /// The header says which process it is, and when that began, so that another process which got
  /// its number later is not taken for it. A writer in another process namespace cannot be looked
  /// up; the lock that it holds on the file is seen there too.
  ///
  /// - Throws: `ReadingError` if the file cannot be read.
  public static func of(path: [UInt8]) throws(ReadingError) -> UInt32? {
    let bytes: FileBytes
    do { bytes = try FileBytes(path: path) } catch {
      if error.code != 0 { throw error }
      return nil  // It is a device or a pipe.
    }
    var head: [UInt8] = []
    bytes.read(Format.page, at: 0, into: &head)
    if let size = try? FileHeader.size(in: head.span) { bytes.read(size, at: 0, into: &head) }
    guard let header = try? FileHeader(decoding: head.span) else { return nil }
    return header.isBeingWritten || header.end == .open && bytes.isLocked ? header.processID : nil
  }

  /// When a process began, in clock ticks since the system's start; `nil` if there is no such
  /// process, or the system does not say.
  public static func start(of process: Int32) -> UInt64? {
    guard let file = try? FileBytes(path: Array("/proc/\(process)/stat".utf8)) else { return nil }
    var text: [UInt8] = []
    file.read(4096, at: 0, into: &text)
    // The second field is the program's name, in parentheses: it may have any characters.
    guard let name = text.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let fields = text[(name + 1)...].split(separator: UInt8(ascii: " "))
    return fields.count > 19 ? UInt64(String(decoding: fields[19], as: UTF8.self)) : nil
  }
}

extension FileHeader {
  /// Whether its process still runs and has not ended the recording.
  var isBeingWritten: Bool {
    let process = Int32(truncatingIfNeeded: processID)
    guard end == .open, isRunning(process: process) else { return false }
    guard processStart != 0, let start = WritingProcess.start(of: process) else { return true }
    return start == processStart
  }
}

/// A lock on a whole file that belongs to the open file, not to the process: it goes when the last
/// descriptor is closed, and no other descriptor of the file takes it away.
public enum FileLock {
  // Swift's import of the C library leaves these out.
  private static let set: Int32 = 37  // F_OFD_SETLK
  private static let get: Int32 = 36  // F_OFD_GETLK

  /// Locks an open file against other writers. Filesystems without locks are left as they are.
  public static func take(_ descriptor: Int32) {
    var lock = flock(l_type: Int16(F_WRLCK), l_whence: 0, l_start: 0, l_len: 0, l_pid: 0)
    _ = unsafe fcntl(descriptor, set, &lock)
  }

  /// Whether somebody else has locked the file.
  public static func isTaken(_ descriptor: Int32) -> Bool {
    var lock = flock(l_type: Int16(F_RDLCK), l_whence: 0, l_start: 0, l_len: 0, l_pid: 0)
    // SAFETY: the kernel fills the structure, which is read only if the call succeeds.
    return unsafe fcntl(descriptor, get, &lock) == 0 && lock.l_type != Int16(F_UNLCK)
  }
}

extension FileBytes {
  /// Whether a writer holds its lock on the file.
  var isLocked: Bool { descriptor >= 0 && FileLock.isTaken(descriptor) }
}
