import CPlatform
import Glibc

/// The process that is writing a recording.
public enum WritingProcess {
  /// Returns the ID of the process that is writing the recording with this descriptor; `nil` if no
  /// process is, or the file is not a recording.
  ///
  /// The header has the process's start time, which distinguishes it from a later process with its
  /// ID. A writer in another process namespace cannot be looked up, but its lock on the file is
  /// visible there too.
  public static func of(_ descriptor: Int32) -> UInt32? {
    var head = read(Format.page, from: descriptor)
    if let size = try? FileHeader.size(in: head.span) { head = read(size, from: descriptor) }
    guard let header = try? FileHeader(decoding: head.span) else { return nil }
    let isLocked = header.end == .open && FileLock.isTaken(descriptor)
    return header.isBeingWritten || isLocked ? header.processID : nil
  }

  /// Returns the start time of a process, in units of the system; `nil` if there is no such
  /// process, or the start time is unavailable.
  public static func start(of process: Int32) -> UInt64? {
    let start = CPlatform_processStart(process)
    return start == 0 ? nil : start
  }

  /// Reads up to `count` bytes from the beginning of a file.
  private static func read(_ count: Int, from descriptor: Int32) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    unsafe bytes.withUnsafeMutableBytes { buffer in
      while filled < count {
        // SAFETY: the array has `count` bytes, of which `filled` have been read.
        let result = unsafe pread(
          descriptor, buffer.baseAddress! + filled, count - filled, off_t(filled))
        if result < 0 && errno == EINTR { continue }
        if result <= 0 { break }
        filled += result
      }
    }
    bytes.removeLast(count - filled)
    return bytes
  }
}

extension FileHeader {
  /// Whether the process in the header is running and has not ended the recording.
  public var isBeingWritten: Bool {
    let process = Int32(truncatingIfNeeded: processID)
    guard end == .open, isRunning(process: process) else { return false }
    guard processStart != 0, let start = WritingProcess.start(of: process) else { return true }
    return start == processStart
  }
}

/// Whether a process with this ID exists.
private func isRunning(process: Int32) -> Bool {
  process > 0 && (kill(process, 0) == 0 || errno != ESRCH)
}

/// Lock on a whole file. It belongs to the open file description, not to the process: it ends when
/// the last descriptor of that is closed, and closing other descriptors of the file does not end
/// it.
public enum FileLock {
  /// Locks an open file against other writers. Does nothing on filesystems without locks.
  public static func take(_ descriptor: Int32) { CPlatform_lock(descriptor) }

  /// Whether another open file description holds a lock on the file.
  public static func isTaken(_ descriptor: Int32) -> Bool { CPlatform_isLocked(descriptor) }
}
