import TraceFormat

/// The tracefile of lcov: hits of each line and each function, summed over threads and processes.
struct LCOVExport: EventExport {
  private let reader: TraceReader
  private let output: ExportOutput
  private var lines = LineCounts()

  init(_ reader: TraceReader, to output: ExportOutput) {
    self.reader = reader
    self.output = output
  }

  @inline(__always)
  mutating func add(_ event: DecodedEvent, of run: EventRun) {
    lines.add(event, file: run.file, of: reader)
  }

  func finish() throws(ExportError) {
    guard lines.hasLines else { throw .noLines }
    for source in lines.sources(of: reader) {
      output.append("TN:\nSF:")
      output.append(Self.line(source.path))
      output.append("\n")
      let names = Self.names(of: source.functions)
      for (function, name) in zip(source.functions, names) {
        output.append("FN:")
        output.append(decimal: function.line)
        output.append(",")
        output.append(name)
        output.append("\n")
      }
      for (function, name) in zip(source.functions, names) {
        output.append("FNDA:")
        output.append(decimal: function.calls)
        output.append(",")
        output.append(name)
        output.append("\n")
      }
      output.append("FNF:")
      output.append(decimal: source.functions.count)
      output.append("\nFNH:")
      output.append(decimal: source.functions.count)
      output.append("\n")
      // A module without a statement has a line 0, which lcov cannot show.
      let hits = source.hits.filter { $0.line > 0 }
      for (line, count) in hits {
        output.append("DA:")
        output.append(decimal: line)
        output.append(",")
        output.append(decimal: count)
        output.append("\n")
      }
      output.append("LF:")
      output.append(decimal: hits.count)
      output.append("\nLH:")
      output.append(decimal: hits.count)
      output.append("\nend_of_record\n")
      output.commit()
    }
  }

  /// Returns unique names for the functions of a file. Functions with equal names, which lcov would
  /// merge, get their lines as suffixes.
  private static func names(of functions: [(line: Int32, name: [UInt8], calls: UInt64)])
    -> [[UInt8]]
  {
    var counts: [[UInt8]: Int] = [:]
    for function in functions { counts[function.name, default: 0] += 1 }
    return functions.map { function in
      line(function.name)
        + (counts[function.name, default: 1] > 1 ? Array(":\(function.line)".utf8) : [])
    }
  }

  /// Returns a text without control characters, such as line ends.
  private static func line(_ text: [UInt8]) -> [UInt8] { PrintableText.withoutControls(text) }
}
