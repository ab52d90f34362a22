import SwiftTrace

/// The line of an event, and its content: the part without times, thread, indentation and duration.
struct ReplayLine {
  /// The whole line with its line feed; empty if the event is not shown.
  var bytes: [UInt8] = []
  /// Offset of the content, after times, thread and indentation.
  var start = 0
  /// Offset of the content's end, before a duration.
  var end = 0

  /// Times, thread and indentation.
  var beginning: ArraySlice<UInt8> { bytes[..<start] }
  /// The content.
  var content: ArraySlice<UInt8> { bytes[start..<end] }

  /// Finds the content in a line that `TreeLogger` has written.
  ///
  /// - Parameters:
  ///   - place: thread and depth of the event.
  ///   - duration: duration at the end of the line, in nanoseconds; `nil` if it has none.
  ///   - isPartial: whether the duration is a lower bound.
  ///   - isColored: whether `TreeLogger` uses colors.
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
