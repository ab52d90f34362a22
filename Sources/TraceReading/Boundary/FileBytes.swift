import CPlatform
import Glibc

/// A file that is read in pieces. Never mapped: a file that gets shorter meanwhile is then no
/// SIGBUS.
@safe final class FileBytes {
  let descriptor: Int32
  /// What is read where there is no descriptor.
  private let contents: [UInt8]

  /// A file in memory.
  init(contents: [UInt8]) {
    descriptor = -1
    self.contents = contents
  }

  /// - Parameter path: the bytes that the system knows the file by.
  /// - Throws: `ReadingError` when the file cannot be read.
  init(path: [UInt8]) throws(ReadingError) {
    let name = path.map { CChar(truncatingIfNeeded: $0) } + [0]
    contents = []
    // A FIFO that nobody writes to would be waited for.
    descriptor = unsafe open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw ReadingError(path: path, code: errno) }
    // SAFETY: `fstat` fills the structure, which is read only if it says that it did.
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      close(descriptor)
      if isFolder { throw ReadingError(path: path, code: EISDIR) }
      throw ReadingError(path: path, problem: "this is no file, but a device or a pipe")
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Bytes in the file, now.
  var size: UInt64 {
    if descriptor < 0 { return UInt64(contents.count) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return 0 }
    return UInt64(max(0, status.st_size))
  }

  /// Reads up to `count` bytes into the array, which gets exactly those that were there.
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

  /// Where the next bytes stand that take room on the disk, from an offset on: between them there
  /// are zeros alone.
  func nextData(from offset: UInt64) -> UInt64 {
    if descriptor < 0 { return offset }
    let found = CPlatform_nextData(descriptor, offset)
    return found >= 0 ? UInt64(found) : size
  }
}

/// The system's words for an error's number.
func systemError(_ code: Int32) -> String {
  // SAFETY: `strerror` gives a NUL-terminated text, which is copied at once.
  unsafe String(cString: strerror(code))
}
