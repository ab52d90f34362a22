import TraceFormat

/// Prints the lines of `python -m trace --trace`: ` --- modulename: MODULE, funcname: NAME` for
/// each call, and `FILE(LINE): SOURCE` for each line.
///
/// Both are formatted once: the first for a code object, the second for a file. Unlike in `trace`,
/// characters that a terminal could interpret are escaped; tabs of the source stay.
public struct StandardTraceLogger: TracerStrategy {
  public let interests: EventSet = [.call, .line]
  public let needsTime: Bool
  private let sink: TextSink
  private let style: Style
  private let source: (String) throws -> [UInt8]
  private var ignore: StandardIgnore
  private var functions: [Entry] = []
  private var headers: [UInt8] = []
  private var files: [RenderedSource] = []
  private var fileNumbers: [String: Int32] = [:]

  /// The format of the lines.
  public struct Style: Sendable {
    /// Start of the times to show, in nanoseconds of CLOCK_MONOTONIC; nil for no times.
    public var start: UInt64?
    /// Whether there are two spaces before the source, and a line feed if there is no source, as
    /// from Python 3.13 on.
    public var isSpaced: Bool

    /// Creates a style (default: that of Python 3.12 and older, without times).
    public init(start: UInt64? = nil, isSpaced: Bool = false) {
      self.start = start
      self.isSpaced = isSpaced
    }
  }

  /// The data of a code object.
  private struct Entry {
    var headerStart = 0
    var headerEnd = 0
    /// Index of the file; -1 before the first event, -2 if the module is ignored.
    var file: Int32 = -1
  }

  /// Creates a logger that prints to a sink.
  ///
  /// - Parameters:
  ///   - sink: the destination of the text.
  ///   - ignore: the modules to ignore.
  ///   - style: the format of the lines.
  ///   - source: returns the text of a file, empty if there is none. Called once for each file.
  public init(
    to sink: TextSink, ignoring ignore: StandardIgnore, style: Style,
    source: @escaping (String) throws -> [UInt8]
  ) {
    self.sink = sink
    self.ignore = ignore
    self.style = style
    self.source = source
    needsTime = style.start != nil
  }

  public mutating func call(_ event: borrowing CallEvent) throws {
    let number = Int(event.function.number)
    if number >= functions.count || functions[number].file == -1 {
      try meet(event.function, event.frame)
    }
    let entry = functions[number]
    guard entry.file >= 0 else { return }
    try sink.write { line in
      line.append(headers.span.extracting(entry.headerStart..<entry.headerEnd))
    }
  }

  public mutating func line(_ event: borrowing LineEvent) throws {
    let number = Int(event.function.number)
    if number >= functions.count || functions[number].file == -1 {
      try meet(event.function, event.frame)
    }
    let file = Int(functions[number].file)
    guard file >= 0 else { return }
    let line = event.line
    let time = event.place.time
    try sink.writeText { text in
      if let start = style.start { text.append(secondsFrom: start, to: time) }
      files[file].append(line, to: &text)
    }
  }

  public mutating func flush() throws { try sink.flush() }

  @inline(never)
  private mutating func meet(_ function: borrowing Function, _ frame: borrowing Frame) throws {
    let number = Int(function.number)
    if number >= functions.count {
      let missing = max(number + 1, functions.count * 2) - functions.count
      MemoryReserve.ensure((functions.count + missing) * MemoryLayout<Entry>.stride * 2)
      functions.append(contentsOf: repeatElement(Entry(), count: missing))
    }
    let module = frame.moduleFile
    guard !ignore.ignores(file: module) else {
      functions[number].file = -2
      return
    }
    let start = headers.count
    let name = StandardIgnore.moduleName(of: module)
    headers += PrintableText.escaped(
      Array(" --- modulename: \(name), funcname: \(function.name)".utf8))
    functions[number] = Entry(
      headerStart: start, headerEnd: headers.count, file: try numberOfFile(function.file))
  }

  private mutating func numberOfFile(_ file: String) throws -> Int32 {
    if let known = fileNumbers[file] { return known }
    files.append(
      RenderedSource(
        name: StandardIgnore.baseName(of: file), text: try source(file), isSpaced: style.isSpaced))
    fileNumbers[file] = Int32(files.count - 1)
    return Int32(files.count - 1)
  }
}

extension LineBuffer {
  /// Appends seconds with two decimals and a space: `0.25 `.
  fileprivate mutating func append(secondsFrom start: UInt64, to time: UInt64) {
    let hundredths = ((time > start ? time - start : 0) + 5_000_000) / 10_000_000
    append(decimal: hundredths / 100)
    append(hundredths % 100 < 10 ? ".0" : ".")
    append(decimal: hundredths % 100)
    append(" ")
  }
}
