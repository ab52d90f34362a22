import SwiftTrace
import TraceReading

extension RecordingTotals {
  /// Reads the totals of the recording at a path. Returns `nil` if it cannot be read.
  ///
  /// For use as `RecordingSettings.readTotals`.
  public static func read(_ path: [UInt8]) -> RecordingTotals? {
    guard let reader = try? TraceReader(path: path) else { return nil }
    let counts = reader.files.map { $0.countEvents() }
    return RecordingTotals(
      files: counts.count, events: counts.reduce(0) { $0 + $1.kept },
      bytes: reader.files.reduce(0) { $0 + $1.size },
      dropped: counts.reduce(0) { $0 + $1.dropped })
  }
}
