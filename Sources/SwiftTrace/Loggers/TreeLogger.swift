/// Prints calls and returns as an indented tree, with arguments, values and durations.
///
///     total(prices=[3, 4])
///       add(a=0, b=3)
///       └ 3  1.2 µs
///     └ 7  9.8 µs
///
/// The ways to leave a frame are distinguished: `└ VALUE` for a return, `├ yield VALUE`, `├ await`,
/// and `✗ EXCEPTION` if an exception leaves it. Lines of any thread but the first begin with its
/// number. Beyond a depth of 1000, the depth is printed as a number instead of more spaces.
public struct TreeLogger: TracerStrategy {
  public let interests: EventSet
  public let needsTime = true
  private let sink: TextSink

  /// Returns the text of a line of a file, without indentation; empty if it is not known.
  public typealias Source = (_ line: Int, _ file: [UInt8]) -> String

  private let isColored: Bool
  private let source: Source?

  /// Creates a logger that prints to a sink.
  ///
  /// - Parameters:
  ///   - events: the events to show, of calls, lines and returns (default: calls and returns).
  ///   - sink: the destination of the text (default: standard error).
  ///   - isColored: whether the text contains a terminal's control sequences for colors.
  ///   - source: returns the text to print beside a line's number (default: none).
  public init(
    _ events: EventSet = [.call, .return], to sink: TextSink = .standardError,
    isColored: Bool = false, source: Source? = nil
  ) {
    self.isColored = isColored
    self.source = source
    interests = events.intersection([.call, .line, .return])
    self.sink = sink
  }

  public mutating func call(_ event: borrowing CallEvent) throws {
    try sink.write { line in
      line.indent(event.place)
      switch event.kind {
      case .call:
        line.begin(.name, isColored)
        line.append(event.function.labelBytes)
        line.end(isColored)
        line.append("(")
        line.appendArguments(of: event)
        line.append(")")
      case .resume:
        line.append("↻ ")
        line.begin(.name, isColored)
        line.append(event.function.labelBytes)
        line.end(isColored)
      }
    }
  }

  public mutating func line(_ event: borrowing LineEvent) throws {
    try sink.write { line in
      line.indent(event.place)
      line.append("  · ")
      line.begin(.aside, isColored)
      line.append(event.function.shownFileBytes)
      line.append(":")
      line.append(decimal: event.line)
      line.end(isColored)
      if let source {
        let text = source(Int(event.line), Array(copying: event.function.fileBytes))
        if !text.isEmpty {
          line.append("  ")
          line.append(string: text)
        }
      }
    }
  }

  public mutating func `return`(_ event: borrowing ReturnEvent) throws {
    try sink.write { line in
      line.indent(event.place)
      switch event.kind {
      case .return:
        line.append("└")
        line.append(" ", event.value, as: .repr)
      case .yield:
        line.append("├ yield")
        line.append(" ", event.value, as: .repr)
      case .await: line.append("├ await")
      case .unwind:
        line.begin(.failure, isColored)
        line.append("✗ ")
        line.append(className: event.exceptionType)
        line.end(isColored)
      }
      line.append("  ")
      line.begin(.aside, isColored)
      line.append(duration: event.duration, isPartial: event.isPartial)
      line.end(isColored)
    }
  }

  public mutating func flush() throws { try sink.flush() }
}

extension LineBuffer {
  /// CPython's default recursion limit. Deeper frames are not indented further; their depth is
  /// printed.
  private static var deepestIndentation: Int { 1000 }

  /// Begins a line of the tree.
  package mutating func indent(_ place: EventPlace) {
    if place.thread > 0 {
      append("[")
      append(decimal: place.thread)
      append("] ")
    }
    append("  ", times: min(place.depth, Self.deepestIndentation))
    if place.depth > Self.deepestIndentation {
      append("(")
      append(decimal: place.depth)
      append(") ")
    }
  }

  /// Appends the arguments: `a=1, b='x'`.
  fileprivate mutating func appendArguments(of event: borrowing CallEvent) {
    for index in 0..<event.function.parameterCount {
      if index > 0 { append(", ") }
      append(event.function.shownParameterName(index))
      append("=", event.frame.local(event.function.parameterSlot(index)), as: .repr)
    }
  }

  /// Appends a duration: `?` if it is unknown, with `≥` if it is a lower bound.
  package mutating func append(duration nanoseconds: UInt64, isPartial: Bool) {
    if isPartial, nanoseconds == 0 { return append("?") }
    if isPartial { append("≥ ") }
    append(duration: nanoseconds)
  }

  /// Appends a duration in nanoseconds, rounded down, with its unit. It has at most three digits
  /// below 1000 s.
  public mutating func append(duration nanoseconds: UInt64) {
    switch nanoseconds {
    case ..<1000:
      append(decimal: nanoseconds)
      append(" ns")
    case ..<1_000_000: append(nanoseconds, per: 1000, unit: " µs")
    case ..<1_000_000_000: append(nanoseconds, per: 1_000_000, unit: " ms")
    default: append(nanoseconds, per: 1_000_000_000, unit: " s")
    }
  }

  private mutating func append(_ nanoseconds: UInt64, per divisor: UInt64, unit: StaticString) {
    let whole = nanoseconds / divisor
    append(decimal: whole)
    if whole < 100 {
      append(".")
      append(decimal: nanoseconds % divisor * 10 / divisor)
    }
    append(unit)
  }
}
