import SwiftTrace
import TraceReading

/// The strategies that Python names, made in Swift.
enum StrategyList {
  /// - Parameter list: tuples `(kind, target)`. `kind` is `calls`, `lines`, `returns`, `events`, or
  ///   `tree` or `json`, followed by those of `calls`, `lines`, `returns`, `exceptions`, `opcodes`,
  ///   `builtins` that it shows; `target` an int, a file descriptor; a bytes, the path of a file to
  ///   create; or a file object.
  static func make(_ list: borrowing Value) throws -> [any TracerStrategy] {
    guard list.kind == .list else { throw ModuleError.type("expected a list of strategies") }
    var sinks = SinkCache()
    var strategies: [any TracerStrategy] = []
    for index in 0..<list.count {
      let pair = try list.element(index)
      guard pair.kind == .tuple, pair.count == 2 || pair.count == 3 else {
        throw ModuleError.type("expected (kind, target)")
      }
      let kind = try pair.string(at: 0)
      if pair.count == 2 {
        strategies.append(try make(kind, to: sinks.sink(for: pair)))
      } else if let standard = try StandardStrategies.make(pair) {
        strategies.append(standard)
      } else {
        let settings = try RecordingSettings(kind: kind, pair.element(2))
        strategies.append(try Recorder(to: pair.path(at: 1), settings))
      }
    }
    return strategies
  }

  /// A strategy that writes text.
  ///
  /// - Parameter kind: as above. `source` and `color` may follow the events of a tree, in this
  ///   order.
  static func make(_ kind: String, to sink: TextSink) throws -> any TracerStrategy {
    switch kind {
    case "calls": return CallLogger(to: sink)
    case "lines": return LineLogger(to: sink)
    case "returns": return ReturnLogger(to: sink)
    case "events": return EventLogger(to: sink)
    default: break
    }
    // A kind that shows what is asked for: its name, and the events.
    var words = kind.split(separator: " ")[...]
    let name = words.popFirst()
    let isColored = words.last == "color"
    if isColored { words.removeLast() }
    let texts = words.last == "source" ? SourceTexts(decode: decodeByPython) : nil
    if texts != nil { words.removeLast() }
    let events = try words.reduce(into: EventSet()) { $0.formUnion(try event($1)) }
    switch name {
    case "tree":
      let source = texts.map { texts in { texts.line($0, of: $1) } as TreeLogger.Source }
      return TreeLogger(events, to: sink, isColored: isColored, source: source)
    case "json": return JSONLogger(events, to: sink)
    default: throw ModuleError.value("unknown strategy: \(kind)")
    }
  }
}

/// The events of a word.
func event(_ word: Substring) throws -> EventSet {
  switch word {
  case "calls": .call
  case "lines": .line
  case "returns": .return
  case "exceptions": .exception
  case "opcodes": .opcode
  case "builtins": .builtin
  default: throw ModuleError.value("unknown kind of event: \(word)")
  }
}

/// One sink for each target, so that strategies that write to the same place keep their order.
private struct SinkCache {
  private enum Key: Hashable {
    case descriptor(Int32)
    case path([UInt8])
    case object(UInt)
  }

  private var sinks: [Key: TextSink] = [:]

  /// - Parameter pair: the kind of a strategy, and the target.
  mutating func sink(for pair: borrowing Value) throws -> TextSink {
    let target = try pair.element(1)
    let key: Key
    switch target.kind {
    case .int: key = .descriptor(try pair.descriptor(at: 1))
    case .bytes: key = .path(try pair.path(at: 1))
    default: key = .object(target.address)
    }
    if let known = sinks[key] { return known }
    let sink: TextSink
    switch key {
    case .descriptor(let descriptor):
      sink = TextSink(descriptor: descriptor)
    case .path(let path): sink = try TextSink(path: path)
    case .object: sink = TextSink(pythonFile: target.retained())
    }
    sinks[key] = sink
    return sink
  }
}
