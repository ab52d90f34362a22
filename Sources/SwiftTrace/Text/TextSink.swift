/// Where strategies write their lines: a file descriptor, a file, or a Python file object.
///
/// A line is written whole or not at all, so lines of two threads never mix. Strategies that share
/// a sink write in the order of events.
public struct TextSink {
  /// The output's own buffer. It is named here too, so that adding a line loads no reference to an
  /// object: a reference that is loaded is counted.
  private let buffer: Pinned<LineBuffer>
  private let threshold: Int
  private let output: TextOutput

  private init(_ output: TextOutput) {
    buffer = output.buffer
    threshold = output.threshold
    self.output = output
  }

  /// The buffer of a sink, for lines that are written out later.
  struct Target {
    /// Whoever has it keeps the sink.
    let buffer: Pinned<LineBuffer>
    fileprivate let threshold: Int

    /// Whether a line may be added. If not, `write` is to be called, which writes out the lines.
    @inline(__always)
    var hasRoom: Bool { buffer.value.count < threshold }
  }

  /// In unbuffered mode `hasRoom` is always false.
  var target: Target { Target(buffer: buffer, threshold: threshold == 1 ? 0 : threshold) }

  /// Standard error. Each line is written at once.
  public static var standardError: TextSink { TextSink(descriptor: 2) }

  /// Standard output. Each line is written at once.
  public static var standardOutput: TextSink { TextSink(descriptor: 1) }

  /// Writes each line at once to what an open descriptor names, such as a terminal or a pipe. The
  /// descriptor is duplicated, so the program may close it.
  public init(descriptor: Int32) {
    self.init(
      TextOutput(.descriptor(OutputDescriptor(duplicating: descriptor)), threshold: 1))
  }

  /// Creates or empties a file. Lines are gathered and written some 64 KB at a time, unless it is a
  /// terminal or a pipe.
  ///
  /// - Throws: `SystemError` when the file cannot be opened for writing.
  public init(path: String) throws { try self.init(path: Array(path.utf8)) }

  /// Creates or empties a file whose path may be no UTF-8: the bytes that the system knows it by.
  ///
  /// - Throws: `SystemError` when the file cannot be opened for writing.
  public init(path: [UInt8]) throws { self.init(try TextOutput(path: path)) }

  /// Writes by a Python file object's `write`, each line at once, so that the order with what the
  /// program itself prints to it is kept.
  public init(pythonFile: PythonObject) {
    self.init(TextOutput(.pythonFile(pythonFile), threshold: 1))
  }

  /// Writes by a Python file object's `write`, once so many bytes are gathered.
  public init(pythonFile: PythonObject, gathering threshold: Int) {
    self.init(TextOutput(.pythonFile(pythonFile), threshold: max(1, threshold)))
  }

  /// Keeps the text in memory, up to what fits; `text` gives it.
  public static func memory() -> TextSink { TextSink(TextOutput(.memory, threshold: .max)) }

  /// What is gathered and not written yet: all of it, in a sink of `memory()`.
  public var text: String { buffer.value.string }

  /// Adds one line, which `body` formats without its line feed.
  @inline(__always)
  public func write(_ body: (inout LineBuffer) throws -> Void) throws {
    // The GIL keeps writers apart, and `body` has only the buffer, so it does not come back here.
    let start = buffer.value.count
    do {
      try body(&buffer.value)
    } catch {
      buffer.value.truncate(to: start)
      throw error
    }
    buffer.value.append(byte: 0x0A)
    if buffer.value.count >= threshold { try output.drain() }
  }

  /// Adds text, which need not end a line.
  @inline(__always)
  public func writeText(_ body: (inout LineBuffer) -> Void) throws {
    body(&buffer.value)
    if buffer.value.count >= threshold { try output.drain() }
  }

  /// Of a sink of `memory()`: moves the text to a buffer. False where there is none.
  package func move(to other: inout LineBuffer) -> Bool {
    guard buffer.value.count > 0 else { return false }
    buffer.value.withBytes { other.append($0) }
    buffer.value.truncate(to: 0)
    return true
  }

  /// Writes out what is gathered.
  ///
  /// - Throws: `SystemError`, or the `PythonException` that the file object raised.
  public func flush() throws { try output.flush() }
}
