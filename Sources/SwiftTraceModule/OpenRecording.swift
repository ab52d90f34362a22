import SwiftTrace
import TraceFormat
import TraceReading

/// A recording that Python reads.
final class OpenRecording {
  let reader: TraceReader
  /// Progress of a view or an export. Used with the GIL held.
  var progress = ReadingProgress()
  /// Whether it is being read without the GIL. Used with the GIL held.
  var isBusy = false

  /// - Parameter arguments: the path, a str or bytes; and whether to read files of child processes.
  init(_ arguments: borrowing Value) throws {
    try arguments.check(count: 2, "open_recording() takes a path, and whether children are read")
    reader = try TraceReader(path: arguments.path(at: 0), children: arguments.flag(at: 1))
  }

  /// The ID of the process that is writing the recording at a path, a str or bytes; or None.
  static func writer(_ arguments: borrowing Value) throws -> PythonData {
    try arguments.check(count: 1, "writer() takes a path")
    return try WritingProcess.of(path: arguments.path(at: 0)).map { .int($0) } ?? .none
  }

  /// The next events, at most `count`. Each is a tuple: the numbers of kind, file, thread and
  /// function; line; depth; nanoseconds of CLOCK_MONOTONIC; texts; the name of the C function or
  /// None; and the number of the task or 0.
  func readEvents(_ count: Int) -> PythonData {
    var result: [PythonData] = []
    // The texts of a batch are bounded: one event may refer to a thousand texts of 64 KB.
    var room = 1 << 22
    while result.count < count, room > 0, let event = reader.next() {
      let texts = event.texts.indices.map { index in
        reader.text(event, index).map { text -> PythonData in
          room -= text.count
          return .text(text)
        } ?? .none
      }
      let cFunction = reader.files[event.file].cFunction(event.cFunction)
      result.append(
        .tuple([
          .int(event.kind.rawValue), .int(event.file), .int(event.thread),
          .int(event.mark.function), .int(event.mark.line), .int(event.mark.depth),
          .int(event.mark.time), .tuple(texts), cFunction.map { .text($0) } ?? .none,
          .int(event.task),
        ]))
    }
    return .tuple(result)
  }

  /// The fields of each file's header, in a tuple for each file.
  func describe() -> PythonData {
    .tuple(
      reader.files.map { file in
        let header = file.header
        return .tuple([
          .text(file.path), .int(header.processID), .int(header.parentID), .int(header.wallStart),
          .int(header.start), .int(header.end.rawValue), .text(header.python),
          .text(header.platform), .tuple(header.arguments.map { .text($0) }),
          .text(header.folder), .tuple(header.options.map { .text($0) }), .bool(header.hasValues),
        ])
      })
  }

  /// For each file, tuples of sources, functions and threads; and the descriptions of all damage.
  /// Scans the files if they have not been scanned yet.
  ///
  /// - Parameter hasFunctions: whether to include functions and sources; if not, their tuples are
  ///   empty.
  func contents(hasFunctions: Bool) -> PythonData {
    .tuple([
      .tuple(
        reader.files.map { file in
          .tuple([
            hasFunctions ? .sources(of: file) : .tuple([]),
            hasFunctions ? functions(of: file) : .tuple([]), threads(of: file),
          ])
        }),
      .tuple(reader.damage.map { .text($0.description) }),
    ])
  }

  private func functions(of file: TraceFile) -> PythonData {
    .tuple(
      file.functions.map { function in
        guard let function else { return .none }
        return .tuple([
          .text(function.name), .text(function.qualifiedName), .source(of: function, in: file),
          .int(function.firstLine), .tuple(function.parameters.map { .text($0) }),
        ])
      })
  }

  private func threads(of file: TraceFile) -> PythonData {
    .tuple(
      file.threads.values.sorted { $0.index < $1.index }.map { cell in
        let dropped = file.dropped(of: Int(cell.index))
        return .tuple([
          .int(cell.index), .text(cell.name), .int(cell.nativeID), .int(cell.identifier),
          .int(dropped?.count ?? 0), .int(dropped?.from ?? 0), .int(dropped?.until ?? 0),
        ])
      })
  }
}
