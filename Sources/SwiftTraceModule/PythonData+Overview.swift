import TraceFormat
import TraceReading

extension PythonData {
  /// For each file: size in bytes; version of its format; whether it is being written; maximum size
  /// in bytes, 0 for none; whether the oldest events are evicted; number of dropped events of
  /// threads without an entry; the program's end or None; and its threads. A thread: index; times
  /// of its first and last event in nanoseconds of CLOCK_MONOTONIC, 0 without events; number of
  /// tasks; and numbers of events, by kind.
  static func overview(_ overview: Overview, of reader: TraceReader) -> PythonData {
    .tuple(
      zip(reader.files, overview.files).map { file, threads in
        let header = file.header
        return .tuple([
          .int(file.size), .int(header.version), .bool(file.isBeingWritten),
          .int(header.maximumSize), .bool(header.keepsLast), .int(header.lost.count),
          file.programEnd.map { Self.end($0) } ?? .none,
          .tuple(threads.map { Self.thread($0) }),
        ])
      })
  }

  private static func thread(_ thread: Overview.Thread) -> PythonData {
    .tuple([
      .int(thread.index), .int(thread.times?.lowerBound ?? 0), .int(thread.times?.upperBound ?? 0),
      .int(thread.tasks), .tuple(thread.events.map { .int($0) }),
    ])
  }

  /// Status; class of the exception or None; message or None; number of frames that are left out;
  /// and frames, each as file, line and function.
  private static func end(_ end: ProgramEnd) -> PythonData {
    let exception = end.exception
    return .tuple([
      .int(end.status), exception.map { .text($0.className) } ?? .none,
      exception?.message.map { .text($0) } ?? .none, .int(exception?.omitted ?? 0),
      .tuple(
        (exception?.frames ?? []).map { frame in
          .tuple([.text(frame.file), .int(frame.line), .text(frame.function)])
        }),
    ])
  }
}
