import TraceFormat

/// The lines of a source file in the form that `python -m trace --trace` prints, formatted once.
struct RenderedSource {
  private var text: [UInt8] = []
  /// Offset of each line in `text`; the last is the end of `text`.
  private var starts: [Int] = [0]
  private let name: [UInt8]
  private let isSpaced: Bool

  /// - Parameters:
  ///   - name: the file's name, without its folder.
  ///   - text: the source, as lines that end in line feeds.
  ///   - isSpaced: see `StandardTraceLogger.Style`.
  init(name: String, text source: [UInt8], isSpaced: Bool) {
    self.name = PrintableText.escaped(Array(name.utf8))
    self.isSpaced = isSpaced
    text.reserveCapacity(source.count * 2)
    var start = 0
    while start < source.count {
      let feed = source[start...].firstIndex(of: 0x0A)
      let end = feed.map { $0 + 1 } ?? source.count
      text += self.name
      text += Array("(\(starts.count)): ".utf8)
      if isSpaced { text.append(0x20) }
      text += PrintableText.escaped(Array(source[start..<(feed ?? end)]), keepsTabs: true)
      text.append(0x0A)
      starts.append(text.count)
      start = end
    }
  }

  /// Appends the line of a number.
  @inline(__always)
  func append(_ line: Int32, to buffer: inout LineBuffer) {
    let index = Int(line) - 1
    guard index >= 0, index < starts.count - 1 else { return appendMissing(line, to: &buffer) }
    buffer.append(text.span.extracting(starts[index]..<starts[index + 1]))
  }

  /// Appends a line whose source is missing.
  private func appendMissing(_ line: Int32, to buffer: inout LineBuffer) {
    buffer.append(name.span)
    buffer.append("(")
    buffer.append(decimal: line)
    buffer.append(isSpaced ? ")\n" : "): ")
  }
}
