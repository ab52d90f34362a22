import SwiftTrace
import TraceReading

/// Settings of a strategy that prints text: a `Logger` of `_swifttrace.pyi`.
struct LoggerSettings {
  enum Kind: String {
    case calls, lines, returns, events, tree, json
  }

  let kind: Kind
  /// Events to print; only for a tree and for JSON lines.
  private var events: EventSet = []
  /// Whether the text is colored; only for a tree.
  private(set) var isColored = false
  /// Whether lines are printed with their source text; only for a tree.
  private var showsSource = false

  init(_ arguments: inout Arguments) throws {
    kind = try arguments.choice("kind")
    if kind == .tree || kind == .json { events = try arguments.events("events") }
    if kind == .tree {
      isColored = try arguments.flag("color")
      showsSource = try arguments.flag("source")
    }
  }

  /// Creates the strategy.
  func logger(to sink: TextSink) -> any TracerStrategy {
    switch kind {
    case .calls: return CallLogger(to: sink)
    case .lines: return LineLogger(to: sink)
    case .returns: return ReturnLogger(to: sink)
    case .events: return EventLogger(to: sink)
    case .json: return JSONLogger(events, to: sink)
    case .tree:
      let texts = showsSource ? SourceTexts(decode: decodeByPython) : nil
      let source = texts.map { texts in { texts.line($0, of: $1) } as TreeLogger.Source }
      return TreeLogger(events, to: sink, isColored: isColored, source: source)
    }
  }
}
