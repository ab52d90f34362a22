import SwiftTrace

/// The text of one event, and where in it the event's own part stands.
struct ReplayLine {
  /// All of it, with its line feed; empty where the event is not shown.
  var bytes: [UInt8] = []
  /// Where times, thread and indentation end.
  var start = 0
  /// Where the event's own part ends: before a duration.
  var end = 0

  /// Times, thread and indentation.
  var beginning: ArraySlice<UInt8> { bytes[..<start] }
  /// The event's own part.
  var content: ArraySlice<UInt8> { bytes[start..<end] }

  /// Finds the event's own part in a line that `TreeLogger` has written.
  ///
  /// - Parameters:
  ///   - duration: what stands at its end, where something does.
  ///   - isPartial: whether that is a lower bound.
  ///   - isColored: as `TreeLogger` was told.
  mutating func setContent(
    _ place: EventPlace, duration: UInt64?, isPartial: Bool, isColored: Bool
  ) {
    var text = LineBuffer(capacity: 64)
    text.indent(place)
    start = min(start + text.count, bytes.count - 1)
    guard let duration else { return }
    text.truncate(to: 0)
    text.append("  ")
    text.begin(.aside, isColored)
    text.append(duration: duration, isPartial: isPartial)
    text.end(isColored)
    end = max(start, end - text.count)
  }
}
