/// The destination of the lines that strategies print: a file descriptor, a file, or a Python file
/// object.
///
/// A line is written whole or not at all, so lines of two threads never mix. Strategies that share
/// a sink write in the order of events.
public struct TextSink {
  /// The output's buffer. It is stored here too, so that appending a line loads no reference to an
  /// object, as that would be counted.
  private let buffer: Pinned<LineBuffer>
  private let threshold: Int
  private let output: TextOutput

  private init(_ output: TextOutput) {
    buffer = output.buffer
    threshold = output.threshold
    self.output = output
  }

  /// The buffer of a sink, for lines that are written later.
  struct Target {
    /// The buffer. The owner of the target keeps the sink alive.
    let buffer: Pinned<LineBuffer>
    fileprivate let threshold: Int

    /// Whether a line may be appended. If not, the caller must use `TextSink.write`, which also
    /// writes the buffered lines.
    @inline(__always)
    var hasRoom: Bool { buffer.value.count < threshold }
  }

  /// The buffer for handlers that append lines. In unbuffered mode `hasRoom` is always false.
  var target: Target { Target(buffer: buffer, threshold: threshold == 1 ? 0 : threshold) }

  /// Standard error. Each line is written at once.
  public static var standardError: TextSink { TextSink(descriptor: 2) }

  /// Standard output. Each line is written at once.
  public static var standardOutput: TextSink { TextSink(descriptor: 1) }

  /// Writes each line at once to an open descriptor, such as that of a terminal or a pipe. The
  /// descriptor is duplicated, so the program may close it.
  public init(descriptor: Int32) {
    self.init(
      TextOutput(.descriptor(OutputDescriptor(duplicating: descriptor)), threshold: 1))
  }

  /// Creates or empties a file. Lines are buffered and written about 64 KB at a time; to a terminal
  /// or a pipe, each line at once.
  ///
  /// - Throws: `SystemError` if the file cannot be opened for writing.
  public init(path: String) throws { try self.init(path: Array(path.utf8)) }

  /// Creates or empties a file whose path may not be UTF-8. Otherwise like `init(path:)` with a
  /// string.
  ///
  /// - Throws: `SystemError` if the file cannot be opened for writing.
  public init(path: [UInt8]) throws { self.init(try TextOutput(path: path)) }

  /// Writes each line at once with the `write` method of a Python file object, so that it is in
  /// order with the text that the program itself prints there.
  public init(pythonFile: PythonObject) {
    self.init(TextOutput(.pythonFile(pythonFile), threshold: 1))
  }

  /// Writes with the `write` method of a Python file object, when `threshold` bytes are buffered.
  public init(pythonFile: PythonObject, gathering threshold: Int) {
    self.init(TextOutput(.pythonFile(pythonFile), threshold: max(1, threshold)))
  }

  /// Keeps the text in memory. `text` returns it.
  public static func memory() -> TextSink { TextSink(TextOutput(.memory, threshold: .max)) }

  /// The text that is buffered and not written; all text, for a sink in memory.
  public var text: String { buffer.value.string }

  /// Appends one line. `body` formats it without a line feed; if it throws, the line is removed.
  @inline(__always)
  public func write(_ body: (inout LineBuffer) throws -> Void) throws {
    // The GIL serializes writers, and `body` has only the buffer, so it cannot call this method.
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

  /// Appends text, which need not be a whole line.
  @inline(__always)
  public func writeText(_ body: (inout LineBuffer) -> Void) throws {
    body(&buffer.value)
    if buffer.value.count >= threshold { try output.drain() }
  }

  /// Moves the text of a sink in memory to a buffer. Returns false if there is none.
  package func move(to other: inout LineBuffer) -> Bool {
    guard buffer.value.count > 0 else { return false }
    buffer.value.withBytes { other.append($0) }
    buffer.value.truncate(to: 0)
    return true
  }

  /// Writes the buffered text.
  ///
  /// - Throws: `SystemError`, or the `PythonException` that the file object raised.
  public func flush() throws { try output.flush() }
}
