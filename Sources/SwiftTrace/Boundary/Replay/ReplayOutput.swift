import Glibc

/// Where a shown recording goes: lines are gathered and written some 64 KB at a time.
struct ReplayOutput: ~Copyable {
  private let descriptor: Int32
  private let tail: Int?
  private var buffer = LineBuffer(capacity: 1 << 16)
  /// The last lines, in a ring.
  private var last: [[UInt8]] = []
  private var oldest = 0

  init(descriptor: Int32, tail: Int?) {
    self.descriptor = descriptor
    self.tail = tail
  }

  /// Takes what a strategy has written to its sink.
  ///
  /// - Parameter prefix: writes what is to stand before it.
  mutating func add(_ text: TextSink, prefix: (inout LineBuffer) -> Void) throws {
    let start = buffer.count
    prefix(&buffer)
    if !text.move(to: &buffer) { return buffer.truncate(to: start) }
    guard let tail else {
      if buffer.count >= 1 << 16 { try flush() }
      return
    }
    let line = buffer.withBytes { Array(copying: $0) }
    buffer.truncate(to: 0)
    keep(line, tail)
  }

  /// Takes lines that `take` has given.
  mutating func add(_ lines: [UInt8]) throws {
    guard let tail else {
      buffer.append(lines.span)
      if buffer.count >= 1 << 16 { try flush() }
      return
    }
    for line in lines.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast() {
      keep(line + [0x0A], tail)
    }
  }

  /// Gives what a strategy has written to its sink, as a line that is not written yet.
  ///
  /// - Parameter prefix: writes what is to stand before it.
  mutating func take(_ text: TextSink, prefix: (inout LineBuffer) -> Void) -> ReplayLine {
    let start = buffer.count
    defer { buffer.truncate(to: start) }
    prefix(&buffer)
    let begin = buffer.count - start
    guard text.move(to: &buffer) else { return ReplayLine() }
    let bytes = buffer.withBytes { Array(copying: $0.extracting(start...)) }
    return ReplayLine(bytes: bytes, start: begin, end: bytes.count - 1)
  }

  private mutating func keep(_ line: [UInt8], _ tail: Int) {
    if last.count < tail {
      last.append(line)
    } else if tail > 0 {
      last[oldest] = line
      oldest = (oldest + 1) % tail
    }
  }

  /// Writes out what is gathered; of a tail nothing before the end.
  mutating func flush() throws {
    defer { buffer.truncate(to: 0) }
    try unsafe buffer.withUnsafeBytes { bytes in
      var rest = unsafe bytes
      while let start = rest.baseAddress, rest.count > 0 {
        let written = unsafe write(descriptor, start, rest.count)
        if written >= 0 {
          unsafe rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        } else if errno != EINTR {
          throw SystemError(code: errno, subject: "standard output")
        }
      }
    }
  }

  mutating func finish() throws {
    for index in last.indices {
      let line = last[(oldest + index) % last.count]
      buffer.append(line.span)
      if buffer.count >= 1 << 16 { try flush() }
    }
    last = []
    try flush()
  }
}
