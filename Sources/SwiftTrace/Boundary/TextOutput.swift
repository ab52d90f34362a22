import CTraceHook
import Glibc

/// What stands behind a `TextSink`: the buffer, and where it is emptied to.
@safe final class TextOutput {
  enum Destination {
    case descriptor(OutputDescriptor)
    /// Only its `write` and `flush` are used.
    case pythonFile(PythonObject)
    /// Nowhere: the buffer keeps all.
    case memory
  }

  // SAFETY: one LineBuffer, from `init` to `deinit`. It stands outside the object so that writing to
  // it needs no exclusivity check at run time.
  let buffer: UnsafeMutablePointer<LineBuffer>
  private let destination: Destination
  /// Bytes to gather before they are written.
  let threshold: Int

  init(_ destination: Destination, threshold: Int) {
    self.destination = destination
    self.threshold = threshold
    unsafe buffer = .allocate(capacity: 1)
    unsafe buffer.initialize(to: LineBuffer(capacity: min(threshold, 65_536) + 4096))
  }

  deinit {
    unsafe buffer.deinitialize(count: 1)
    unsafe buffer.deallocate()
  }

  /// Creates or empties a file. Lines are gathered and written some 64 KB at a time, unless it is a
  /// terminal or a pipe.
  ///
  /// - Throws: `SystemError` when the file cannot be opened for writing.
  convenience init(path: String) throws {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw SystemError(code: errno, subject: path) }
    // SAFETY: `fstat` fills the structure, which is read only if it says that it did.
    var status = stat()
    let isLive =
      unsafe fstat(descriptor, &status) == 0
      && (isatty(descriptor) == 1 || status.st_mode & S_IFMT == S_IFIFO)
    self.init(.descriptor(OutputDescriptor(owning: descriptor)), threshold: isLive ? 1 : 65_536)
  }

  /// Writes out what is gathered.
  ///
  /// - Throws: `SystemError`, or the `PythonException` that the file object raised.
  func flush() throws {
    try drain()
    if case .pythonFile(let file) = destination {
      try unsafe file.withUnsafePointer { file in
        if let failure = unsafe CTraceHook_flush(file) {
          throw unsafe PythonException(owning: failure)
        }
      }
    }
  }

  /// Drops what is gathered: it belongs to the parent process, which writes it.
  func discard() { unsafe buffer.pointee.truncate(to: 0) }

  @inline(never)
  func drain() throws {
    if case .memory = destination { return }
    guard unsafe buffer.pointee.count > 0 else { return }
    defer { unsafe buffer.pointee.truncate(to: 0) }
    try unsafe buffer.pointee.withUnsafeBytes { bytes in
      switch destination {
      case .memory: break
      case .descriptor(let descriptor): try unsafe descriptor.write(bytes)
      case .pythonFile(let file):
        try unsafe file.withUnsafePointer { file in
          let start = unsafe bytes.assumingMemoryBound(to: CChar.self).baseAddress!
          if let failure = unsafe CTraceHook_write(file, start, bytes.count) {
            throw unsafe PythonException(owning: failure)
          }
        }
      }
    }
  }
}
