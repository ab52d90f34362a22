import SwiftTrace
import TraceReading

/// The arguments of `_swifttrace.export`, as Swift values.
///
/// In order: the recording, the name of the format, a file descriptor, and the numbers of the only
/// process and of the only thread, each an int or None.
struct ExportRequest {
  private let recording: OpenRecording
  private let format: ExportFormat
  private let descriptor: Int32
  private let selection: ThreadSelection

  init(_ arguments: borrowing Value) throws {
    try arguments.check(
      count: 5, "export() takes a recording, a format, a descriptor and two numbers")
    recording = try OpenRecording.of(arguments)
    let name = try arguments.string(at: 1)
    guard let format = ExportFormat(rawValue: name) else {
      throw ModuleError.value("unknown format: \(name)")
    }
    self.format = format
    descriptor = try arguments.descriptor(at: 2)
    selection = try ThreadSelection(arguments, from: 3)
  }

  /// Exports it, to the end or until a signal's handler raises.
  func run() throws {
    _ = try recording.read { progress in
      try recording.reader.export(format, to: descriptor, selection, progress: progress)
    }
  }
}

/// The arguments of `_swifttrace.count_lines`, as Swift values: the recording, and the numbers of
/// the only process and of the only thread, each an int or None.
struct CountLinesRequest {
  private let recording: OpenRecording
  private let selection: ThreadSelection

  init(_ arguments: borrowing Value) throws {
    try arguments.check(count: 3, "count_lines() takes a recording and two numbers")
    recording = try OpenRecording.of(arguments)
    selection = try ThreadSelection(arguments, from: 1)
  }

  /// For each source file its path, and a tuple of pairs: a line and how often it ran.
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
