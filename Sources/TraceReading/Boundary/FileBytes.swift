import Glibc

/// A file that is read in pieces. Never mapped: a file that gets shorter meanwhile is then no SIGBUS.
@safe final class FileBytes {
  private let descriptor: Int32

  /// - Throws: `ReadingError` when the file cannot be read.
  init(path: String) throws(ReadingError) {
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ReadingError(path: path, problem: systemError(errno)) }
    // SAFETY: `fstat` fills the structure, which is read only if it says that it did.
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw ReadingError(path: path, problem: "this is no file, but a folder or a device")
    }
  }

  deinit { close(descriptor) }

  /// Bytes in the file, now.
  var size: UInt64 {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return 0 }
    return UInt64(max(0, status.st_size))
  }

  /// Reads up to `count` bytes into the array, which gets exactly those that were there.
  func read(_ count: Int, at offset: UInt64, into bytes: inout [UInt8]) {
    if bytes.count < count {
      bytes.append(contentsOf: repeatElement(0, count: count - bytes.count))
    }
    var filled = 0
    unsafe bytes.withUnsafeMutableBytes { buffer in
      while filled < count {
        let result = unsafe pread(
          descriptor, buffer.baseAddress! + filled, count - filled, off_t(offset) + off_t(filled))
        if result < 0 && errno == EINTR { continue }
        if result <= 0 { break }
        filled += result
      }
    }
    bytes.removeLast(bytes.count - filled)
  }
}

/// The names of a folder's entries. Empty where it cannot be read.
func fileNames(in folder: String) -> [String] {
  guard let stream = unsafe opendir(folder) else { return [] }
  defer { unsafe closedir(stream) }
  var result: [String] = []
  while let entry = unsafe readdir(stream) {
    // SAFETY: the system's entry ends its name with NUL; it is copied before the next is read.
    let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
    }
    result.append(name)
  }
  return result
}

/// Whether there is a process of that number.
func isRunning(process: Int32) -> Bool { kill(process, 0) == 0 || errno != ESRCH }

private func systemError(_ code: Int32) -> String {
  // SAFETY: `strerror` gives a NUL-terminated text, which is copied at once.
  unsafe String(cString: strerror(code))
}
