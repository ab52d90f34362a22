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
    guard arguments.kind == .tuple, arguments.count == 5, arguments.item(1).kind == .string,
      arguments.item(2).kind == .int
    else {
      throw ModuleError.type("export() takes a recording, a format, a descriptor and two numbers")
    }
    recording = try OpenRecording.of(arguments)
    let name = arguments.item(1).string
    guard let format = ExportFormat(rawValue: name) else {
      throw ModuleError.value("unknown format: \(name)")
    }
    self.format = format
    descriptor = Int32(truncatingIfNeeded: arguments.item(2).int64 ?? 1)
    selection = ThreadSelection(arguments.item(3), arguments.item(4))
  }

  /// Exports it, to the end or until a signal's handler raises.
  func run() throws {
    _ = try recording.read { progress in
      try recording.reader.export(format, to: descriptor, selection, progress: progress)
    }
  }
}

/// The arguments of `_swifttrace.count_lines`, as Swift values: the recording, and the numbers of the
/// only process and of the only thread, each an int or None.
struct CountLinesRequest {
  private let recording: OpenRecording
  private let selection: ThreadSelection

  init(_ arguments: borrowing Value) throws {
    guard arguments.kind == .tuple, arguments.count == 3 else {
      throw ModuleError.type("count_lines() takes a recording and two numbers")
    }
    recording = try OpenRecording.of(arguments)
    selection = ThreadSelection(arguments.item(1), arguments.item(2))
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

extension ThreadSelection {
  fileprivate init(_ process: borrowing Value, _ thread: borrowing Value) {
    self.init(
      process: process.kind == .int
        ? process.int64.map { UInt32(truncatingIfNeeded: $0) } : nil,
      thread: thread.kind == .int ? thread.int64.map { Int($0) } : nil)
  }
}
