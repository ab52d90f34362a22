import CTraceHook
import Glibc

/// Where strategies write their lines: a file descriptor, a file, or a Python file object.
///
/// A line is written whole or not at all, so lines of two threads never mix. Strategies that share a
/// sink write in the order of events.
@safe public final class TextSink {
  private enum Destination {
    /// `isOwned`: closed with the sink.
    case descriptor(Int32, isOwned: Bool)
    /// Only its `write` and `flush` are used.
    case pythonFile(PythonObject)
  }

  // SAFETY: one LineBuffer, from `init` to `deinit`. It stands outside the object so that writing to
  // it needs no exclusivity check at run time; the GIL keeps writers apart.
  private let buffer: UnsafeMutablePointer<LineBuffer>
  private let destination: Destination
  /// Bytes to gather before they are written.
  private let threshold: Int

  private init(_ destination: Destination, threshold: Int) {
    self.destination = destination
    self.threshold = threshold
    unsafe buffer = .allocate(capacity: 1)
    unsafe buffer.initialize(to: LineBuffer(capacity: max(threshold, 1024) + 4096))
  }

  deinit {
    unsafe buffer.deinitialize(count: 1)
    unsafe buffer.deallocate()
    if case .descriptor(let descriptor, isOwned: true) = destination { close(descriptor) }
  }

  /// Standard error. Each line is written at once.
  public static var standardError: TextSink { TextSink(descriptor: 2) }

  /// Standard output. Each line is written at once.
  public static var standardOutput: TextSink { TextSink(descriptor: 1) }

  /// Writes each line at once to a descriptor that stays open as long as the sink is used, such as
  /// that of a terminal or a pipe.
  public convenience init(descriptor: Int32) {
    self.init(.descriptor(descriptor, isOwned: false), threshold: 1)
  }

  /// Creates or empties a file. Lines are gathered and written some 64 KB at a time, unless it is a
  /// terminal or a pipe.
  ///
  /// - Throws: `SystemError` when the file cannot be opened for writing.
  public convenience init(path: String) throws {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw SystemError(code: errno, subject: path) }
    // SAFETY: `fstat` fills the structure, which is read only if it says that it did.
    var status = stat()
    let isLive =
      unsafe fstat(descriptor, &status) == 0
      && (isatty(descriptor) == 1 || status.st_mode & S_IFMT == S_IFIFO)
    self.init(.descriptor(descriptor, isOwned: true), threshold: isLive ? 1 : 65_536)
  }

  /// Writes by a Python file object's `write`, each line at once, so that the order with what the
  /// program itself prints to it is kept.
  public convenience init(pythonFile: PythonObject) {
    self.init(.pythonFile(pythonFile), threshold: 1)
  }

  /// Adds one line, which `body` formats without its line feed.
  @inline(__always)
  public func write(_ body: (inout LineBuffer) throws -> Void) throws {
    // SAFETY: see `buffer`; `body` does not reach the sink again, having only the buffer.
    let start = unsafe buffer.pointee.count
    do {
      try unsafe body(&buffer.pointee)
    } catch {
      unsafe buffer.pointee.truncate(to: start)
      throw error
    }
    unsafe buffer.pointee.append(byte: 0x0A)
    if unsafe buffer.pointee.count >= threshold { try drain() }
  }

  /// Writes out what is gathered.
  ///
  /// - Throws: `SystemError`, or the `PythonException` that the file object raised.
  public func flush() throws {
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
  private func drain() throws {
    guard unsafe buffer.pointee.count > 0 else { return }
    defer { unsafe buffer.pointee.truncate(to: 0) }
    try unsafe buffer.pointee.withUnsafeBytes { bytes in
      switch destination {
      case .descriptor(let descriptor, _): try unsafe writeAll(bytes, to: descriptor)
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

  private func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws {
    var rest = unsafe bytes
    while let start = rest.baseAddress, rest.count > 0 {
      let written = unsafe Glibc.write(descriptor, start, rest.count)
      if written >= 0 {
        unsafe rest = UnsafeRawBufferPointer(rebasing: rest[written...])
      } else if errno != EINTR && errno != EAGAIN {
        throw SystemError(code: errno, subject: "trace output")
      }
    }
  }
}
