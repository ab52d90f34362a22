import CPlatform
import Glibc

/// The process that is writing a recording at this moment.
public enum WritingProcess {
  /// Returns the number of the process that is writing the recording that a descriptor names, or
  /// `nil` if no process writes it or the file is not a recording.
  ///
  /// The header names the process and its start time, so that another process with the same number
  /// is not taken for it. A writer in another process namespace cannot be looked up; the lock that
  /// it holds on the file is visible there too.
  public static func of(_ descriptor: Int32) -> UInt32? {
    var head = read(Format.page, from: descriptor)
    if let size = try? FileHeader.size(in: head.span) { head = read(size, from: descriptor) }
    guard let header = try? FileHeader(decoding: head.span) else { return nil }
    let isLocked = header.end == .open && FileLock.isTaken(descriptor)
    return header.isBeingWritten || isLocked ? header.processID : nil
  }

  /// Returns the start time of a process, in units of the system's own; `nil` if there is no such
  /// process, or the system does not say.
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
  /// Whether its process still runs and has not ended the recording.
  public var isBeingWritten: Bool {
    let process = Int32(truncatingIfNeeded: processID)
    guard end == .open, isRunning(process: process) else { return false }
    guard processStart != 0, let start = WritingProcess.start(of: process) else { return true }
    return start == processStart
  }
}

/// Whether there is a process of that number.
private func isRunning(process: Int32) -> Bool {
  process > 0 && (kill(process, 0) == 0 || errno != ESRCH)
}

/// A lock on a whole file that belongs to the open file, not to the process: it goes when the last
/// descriptor is closed, and no other descriptor of the file takes it away.
public enum FileLock {
  /// Locks an open file against other writers. Filesystems without locks are left as they are.
  public static func take(_ descriptor: Int32) { CPlatform_lock(descriptor) }

  /// Whether somebody else has locked the file.
  public static func isTaken(_ descriptor: Int32) -> Bool { CPlatform_isLocked(descriptor) }
}
