import Glibc
import SwiftTrace
import TraceReading

/// Output of a replay: buffers lines, and writes about 64 KB at a time.
struct ReplayOutput: ~Copyable {
  private let descriptor: Int32
  private let limit: UInt64
  private var written: UInt64 = 0
  private let tail: Int?
  private var buffer = LineBuffer(capacity: 1 << 16)
  /// The last lines. Those before `oldest` have been dropped.
  private var last: [TailLine] = []
  private var oldest = 0
  private var size = 0
  /// Whether lines of the tail were dropped because of their total length.
  private var isCut = false

  private struct TailLine {
    var bytes: [UInt8]
    /// Whether the line could change if more of the recording were read.
    let isPartial: Bool
  }

  /// Maximum size of a tail in bytes.
  private static let mostKept = 1 << 26

  /// - Parameters:
  ///   - descriptor: open file descriptor for the lines.
  ///   - limit: maximum length of the text in bytes.
  ///   - tail: number of last lines to write; `nil` for all.
  init(descriptor: Int32, limit: UInt64, tail: Int?) {
    self.descriptor = descriptor
    self.limit = limit
    self.tail = tail
  }

  /// Adds the text that a strategy has written to its sink.
  ///
  /// - Parameters:
  ///   - text: the sink.
  ///   - isPartial: whether the line could change if more of the recording were read.
  ///   - prefix: writes the beginning of the line.
  mutating func add(
    _ text: TextSink, isPartial: Bool, prefix: (inout LineBuffer) -> Void
  ) throws {
    let start = buffer.count
    prefix(&buffer)
    if !text.move(to: &buffer) { return buffer.truncate(to: start) }
    guard let tail else {
      if buffer.count >= 1 << 16 { try flush() }
      return
    }
    let line = buffer.withBytes { Array(copying: $0) }
    buffer.truncate(to: 0)
    keep(TailLine(bytes: line, isPartial: isPartial), tail)
  }

  /// Adds lines that consist of results of `take`.
  mutating func add(_ lines: [UInt8]) throws {
    guard let tail else {
      buffer.append(lines.span)
      if buffer.count >= 1 << 16 { try flush() }
      return
    }
    for line in lines.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast() {
      keep(TailLine(bytes: line + [0x0A], isPartial: false), tail)
    }
  }

  /// Returns the text that a strategy has written to its sink, without adding it.
  ///
  /// - Parameters:
  ///   - text: the sink.
  ///   - prefix: writes the beginning of the line.
  mutating func take(_ text: TextSink, prefix: (inout LineBuffer) -> Void) -> ReplayLine {
    let start = buffer.count
    defer { buffer.truncate(to: start) }
    prefix(&buffer)
    let begin = buffer.count - start
    guard text.move(to: &buffer) else { return ReplayLine() }
    let bytes = buffer.withBytes { Array(copying: $0.extracting(start...)) }
    return ReplayLine(bytes: bytes, start: begin, end: bytes.count - 1)
  }

  /// Whether text was written.
  var hasText: Bool { written > 0 }

  /// Number of lines in the tail.
  var kept: Int { last.count - oldest }

  /// Whether a line of the tail could change if more of the recording were read.
  var hasPartial: Bool { last[oldest...].contains { $0.isPartial } }

  /// Whether lines of the tail were dropped because of their total length.
  var isFull: Bool { isCut }

  /// Drops the tail.
  mutating func forget() { (last, oldest, size, isCut) = ([], 0, 0, false) }

  private mutating func keep(_ line: TailLine, _ tail: Int) {
    last.append(line)
    size += line.bytes.count
    while kept > tail || size > Self.mostKept && kept > 1 {
      isCut = isCut || kept <= tail
      size -= last[oldest].bytes.count
      last[oldest].bytes = []
      oldest += 1
    }
    guard oldest >= 1024, oldest * 2 > last.count else { return }
    last.removeFirst(oldest)
    oldest = 0
  }

  /// Writes the buffered lines. The lines of a tail are buffered only at the end.
  mutating func flush() throws {
    defer { buffer.truncate(to: 0) }
    written &+= UInt64(buffer.count)
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
    if written > limit {
      throw ReplayError(
        "the text ends after \(written >> 20) MB: it is hundreds of times as large as the "
          + "recording, which names long texts again and again")
    }
  }

  mutating func finish() throws {
    for index in oldest..<last.count {
      let line = last[index].bytes
      buffer.append(line.span)
      if buffer.count >= 1 << 16 { try flush() }
    }
    let isCut = isCut
    forget()
    try flush()
    if isCut { throw ReplayError("lines are missing before these: they take more than 64 MB") }
  }
}

/// Error for a recording that could not be shown completely.
public struct ReplayError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Description of the problem.
  public let description: String

  init(_ description: String) { self.description = description }
}
