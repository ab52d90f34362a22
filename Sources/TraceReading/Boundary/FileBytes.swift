import CPlatform
import Glibc

/// A file that is read piece by piece. It is never mapped, so that a file that is truncated
/// meanwhile causes no SIGBUS.
@safe final class FileBytes {
  let descriptor: Int32
  /// The content if there is no descriptor.
  private let contents: [UInt8]

  /// Creates a file in memory.
  init(contents: [UInt8]) {
    descriptor = -1
    self.contents = contents
  }

  /// Opens a file.
  ///
  /// - Parameter path: path of the file, in the system's bytes.
  /// - Throws: `ReadingError` if the file cannot be read.
  init(path: [UInt8]) throws(ReadingError) {
    let name = path.map { CChar(truncatingIfNeeded: $0) } + [0]
    contents = []
    // `O_NONBLOCK`, because opening a FIFO without a writer would block.
    descriptor = unsafe open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw ReadingError(path: path, code: errno) }
    // SAFETY: `fstat` fills the structure. It is initialized, so it can be read even if `fstat`
    // fails.
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      close(descriptor)
      if isFolder { throw ReadingError(path: path, code: EISDIR) }
      throw ReadingError(path: path, problem: "this is no file, but a device or a pipe")
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Current size of the file, in bytes.
  var size: UInt64 {
    if descriptor < 0 { return UInt64(contents.count) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return 0 }
    return UInt64(max(0, status.st_size))
  }

  /// Reads up to `count` bytes into the array, whose count becomes the number of bytes that were
  /// read.
  func read(_ count: Int, at offset: UInt64, into bytes: inout [UInt8]) {
    if descriptor < 0 {
      let start = min(Int(clamping: offset), contents.count)
      bytes = Array(contents[start..<min(start + count, contents.count)])
      return
    }
    if bytes.count < count {
      bytes.append(contentsOf: repeatElement(0, count: count - bytes.count))
    }
    var filled = 0
    unsafe bytes.withUnsafeMutableBytes { buffer in
      while filled < count {
        // SAFETY: the array has `count` bytes, of which `filled` have been read.
        let result = unsafe pread(
          descriptor, buffer.baseAddress! + filled, count - filled, off_t(offset) + off_t(filled))
        if result < 0 && errno == EINTR { continue }
        if result <= 0 { break }
        filled += result
      }
    }
    bytes.removeLast(bytes.count - filled)
  }

  /// Returns the offset of the next bytes that occupy space on the disk, at or after an offset. All
  /// bytes between the two are zeros.
  func nextData(from offset: UInt64) -> UInt64 {
    if descriptor < 0 { return offset }
    let found = CPlatform_nextData(descriptor, offset)
    return found >= 0 ? UInt64(found) : size
  }
}

/// Returns the system's message for an error code.
func systemError(_ code: Int32) -> String {
  // SAFETY: `strerror` returns a NUL-terminated text, which is copied immediately.
  unsafe String(cString: strerror(code))
}
