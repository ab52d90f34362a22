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
