import TraceFormat

extension ProgramEnd {
  /// The end with valid UTF-8 of a bounded length.
  var bounded: ProgramEnd {
    guard let exception else { return self }
    var end = self
    end.exception = UncaughtException(
      className: valid(utf8: exception.className, most: ReadingLimits.longestName),
      message: exception.message.map { valid(utf8: $0, most: ReadingLimits.longestName) },
      frames: exception.frames.map { frame in
        UncaughtException.Frame(
          file: valid(utf8: frame.file, most: ReadingLimits.longestPath), line: frame.line,
          function: valid(utf8: frame.function, most: ReadingLimits.longestName))
      }, omitted: exception.omitted)
    return end
  }
}
