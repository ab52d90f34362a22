/// Limits that keep a hostile recording from using too much memory or disk space while it is read.
///
/// Recordings that the recorder writes stay far below them.
enum ReadingLimits {
  /// Maximum size of a text or an export of the recording, as a multiple of the recording's size.
  static let growth: UInt64 = 500
  /// Size that a text or an export may always have, in bytes.
  static let leastOutput: UInt64 = 1 << 28
  /// Maximum bytes of a name, of a parameter's name, and of a path. The recorder stores no more.
  static let longestName = 1 << 16
  static let longestParameter = 1 << 10
  static let longestPath = 4096
  /// Maximum number of a function's parameters.
  static let mostParameters = 1 << 12
  /// Maximum size of a file's definitions, in bytes, counting 256 extra for each.
  static let mostDefinitions = 1 << 26
  /// Maximum bytes of functions' texts that are kept in an export's form.
  static let mostRendered = 1 << 25
  /// Maximum bytes of strings of one event, or of one batch of events.
  static let mostTexts = 1 << 24
}

extension TraceReader {
  /// Maximum size of a text or an export of the recording, in bytes.
  package var outputLimit: UInt64 {
    let size = files.reduce(0) { $0 &+ min($1.size, 1 << 40) }
    return max(ReadingLimits.leastOutput, size &* ReadingLimits.growth)
  }
}
