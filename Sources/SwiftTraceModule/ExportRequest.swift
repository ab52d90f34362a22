import SwiftTrace
import TraceReading

/// The arguments of `_swifttrace.export`, as Swift values: the recording, and an `ExportRequest` of
/// `_swifttrace.pyi`.
struct ExportRequest {
  private let recording: OpenRecording
  private let format: ExportFormat
  private let descriptor: Int32
  private let selection: ThreadSelection

  init(_ arguments: borrowing Value) throws {
    try arguments.check(count: 2, "export() takes a recording and a dict")
    recording = try OpenRecording.of(arguments)
    var request = try Arguments(arguments.element(1), of: "export()")
    format = try request.choice("format")
    descriptor = try request.descriptor("descriptor")
    selection = try ThreadSelection(&request)
    try request.finish()
  }

  /// Exports the recording, until its end or until a signal's handler raises.
  func run() throws {
    _ = try recording.read { progress in
      try recording.reader.export(format, to: descriptor, selection, progress: progress)
    }
  }
}

/// The arguments of `_swifttrace.count_lines`, as Swift values: the recording, and a
/// `ThreadSelection` of `_swifttrace.pyi`.
struct CountLinesRequest {
  private let recording: OpenRecording
  private let selection: ThreadSelection

  init(_ arguments: borrowing Value) throws {
    try arguments.check(count: 2, "count_lines() takes a recording and a dict")
    recording = try OpenRecording.of(arguments)
    var request = try Arguments(arguments.element(1), of: "count_lines()")
    selection = try ThreadSelection(&request)
    try request.finish()
  }

  /// For each source file, a tuple of its path and a tuple of pairs: line number, number of runs.
  func run() throws -> PythonData {
    let sources = try recording.read { progress in
      try recording.reader.countLines(selection, progress: progress)
    }
    guard let sources else { throw Interrupted() }
    return .tuple(
      sources.map { source in
        let hits = source.hits.map { PythonData.tuple([.int($0.line), .int($0.count)]) }
        return .tuple([.text(source.path), .tuple(hits)])
      })
  }
}
