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
  /// What is being written, while `buffer` takes what comes meanwhile.
  private let outgoing: UnsafeMutablePointer<LineBuffer>
  private var isWriting = false
  /// The process in which `isWriting` was set: a child has the flag, and not the thread that writes.
  private var writingProcess: pid_t = 0
  private let destination: Destination
  /// Bytes to gather before they are written.
  let threshold: Int

  init(_ destination: Destination, threshold: Int) {
    self.destination = destination
    self.threshold = threshold
    unsafe buffer = .allocate(capacity: 1)
    unsafe outgoing = .allocate(capacity: 1)
    unsafe outgoing.initialize(to: LineBuffer(capacity: 0))
    unsafe buffer.initialize(to: LineBuffer(capacity: min(threshold, 65_536) + 4096))
  }

  deinit {
    unsafe buffer.deinitialize(count: 1)
    unsafe buffer.deallocate()
    unsafe outgoing.deinitialize(count: 1)
    unsafe outgoing.deallocate()
  }

  /// Creates or empties a file. Lines are gathered and written some 64 KB at a time, unless it is a
  /// terminal or a pipe.
  ///
  /// - Throws: `SystemError` when the file cannot be opened for writing.
  convenience init(path: [UInt8]) throws {
    let descriptor = try PrivateFile.create(path)
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

  /// Writes out what is gathered, and what other threads add meanwhile: a Python file's `write` lets
  /// them run. Lines keep their order, because only one thread writes.
  @inline(never)
  func drain() throws {
    if case .memory = destination { return }
    if isWriting {
      if writingProcess == getpid() { return }
      unsafe outgoing.pointee.truncate(to: 0)
    }
    isWriting = true
    writingProcess = getpid()
    defer { isWriting = false }
    while unsafe buffer.pointee.count > 0 {
      unsafe swap(&buffer.pointee, &outgoing.pointee)
      defer { unsafe outgoing.pointee.truncate(to: 0) }
      try unsafe outgoing.pointee.withUnsafeBytes { bytes in try unsafe write(bytes) }
    }
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws {
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
