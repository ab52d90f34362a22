import Glibc
import TraceFormat

/// The buffer behind a `TextSink`, and its destination.
final class TextOutput {
  enum Destination {
    case descriptor(OutputDescriptor)
    /// A Python file object, of which only `write` and `flush` are used.
    case pythonFile(PythonObject)
    /// The buffer itself, which keeps all text.
    case memory
  }

  /// Stored outside the object, so that writing to it needs no exclusivity check at run time.
  let buffer: Pinned<LineBuffer>
  /// The text that is being written, while `buffer` receives new lines.
  private let outgoing: Pinned<LineBuffer>
  private var isWriting = false
  /// The process that set `isWriting`. A forked child inherits the flag, but not the thread that
  /// writes.
  private var writingProcess: pid_t = 0
  private let destination: Destination
  /// Number of buffered bytes from which they are written.
  let threshold: Int

  init(_ destination: Destination, threshold: Int) {
    self.destination = destination
    self.threshold = threshold
    outgoing = Pinned(LineBuffer(capacity: 0))
    buffer = Pinned(LineBuffer(capacity: min(threshold, 65_536) + 4096))
  }

  deinit {
    buffer.destroy()
    outgoing.destroy()
  }

  /// Creates or empties a file. Lines are buffered and written about 64 KB at a time; to a terminal
  /// or a pipe, each line at once.
  ///
  /// - Throws: `SystemError` if the file cannot be opened for writing.
  convenience init(path: [UInt8]) throws {
    let descriptor = try PrivateFile.create(path)
    let isLive =
      if let status = SystemCall.status(of: descriptor) {
        isatty(descriptor) == 1 || status.st_mode & S_IFMT == S_IFIFO
      } else {
        false
      }
    self.init(.descriptor(OutputDescriptor(owning: descriptor)), threshold: isLive ? 1 : 65_536)
  }

  /// Writes the buffered text.
  ///
  /// - Throws: `SystemError`, or the `PythonException` that the file object raised.
  func flush() throws {
    try drain()
    if case .pythonFile(let file) = destination { try file.flush() }
  }

  /// Writes the buffered lines, and those that other threads add meanwhile: a Python file's `write`
  /// lets them run. Lines keep their order, because only one thread writes.
  @inline(never)
  func drain() throws {
    if case .memory = destination { return }
    if isWriting {
      if writingProcess == getpid() { return }
      outgoing.value.truncate(to: 0)
    }
    isWriting = true
    writingProcess = getpid()
    defer { isWriting = false }
    while buffer.value.count > 0 {
      swap(&buffer.value, &outgoing.value)
      defer { outgoing.value.truncate(to: 0) }
      try outgoing.value.withBytes { bytes in try write(bytes) }
    }
  }

  private func write(_ bytes: Span<UInt8>) throws {
    switch destination {
    case .memory: break
    case .descriptor(let descriptor): try descriptor.write(bytes)
    case .pythonFile(let file): try file.write(bytes)
    }
  }
}
