/// Bounds that keep a hostile recording from growing beyond all measure while it is read.
///
/// No recording that the recorder writes comes near them.
enum ReadingLimits {
  /// How many times as large as the recording a text or an export of it may be.
  static let growth: UInt64 = 500
  /// Bytes that it may have in any case.
  static let leastOutput: UInt64 = 1 << 28
  /// Bytes of a name, of a parameter's name, and of a path: the recorder keeps no more.
  static let longestName = 1 << 16
  static let longestParameter = 1 << 10
  static let longestPath = 4096
  /// Parameters of a function.
  static let mostParameters = 1 << 12
  /// Bytes of the definitions of a file, each counted with 256 more.
  static let mostDefinitions = 1 << 26
  /// Bytes of texts of functions that are kept as an export writes them.
  static let mostRendered = 1 << 25
  /// Bytes of texts that one event, or one batch of events, has.
  static let mostTexts = 1 << 24
}

extension TraceReader {
  /// Bytes that a text or an export of the recording may have.
  package var outputLimit: UInt64 {
    let size = files.reduce(0) { $0 &+ min($1.size, 1 << 40) }
    return max(ReadingLimits.leastOutput, size &* ReadingLimits.growth)
  }
}
