import SwiftTrace
import TraceReading

/// The strategies that Python names, made in Swift.
enum StrategyList {
  /// - Parameter list: tuples `(kind, target)`. `kind` is `calls`, `lines`, `returns`, `events`,
  ///   or `tree` or `json`, followed by those of `calls`, `lines`, `returns`, `exceptions`,
  ///   `opcodes`, `builtins` that it shows; `target` an int, a file descriptor; a bytes, the path of a file to
  ///   create; or a file object.
  static func make(_ list: borrowing Value) throws -> [any TracerStrategy] {
    guard list.kind == .list else { throw ModuleError.type("expected a list of strategies") }
    var sinks = SinkCache()
    var strategies: [any TracerStrategy] = []
    for index in 0..<list.count {
      let pair = list.item(index)
      guard pair.kind == .tuple, pair.count == 2 || pair.count == 3 else {
        throw ModuleError.type("expected (kind, target)")
      }
      let kind = pair.item(0)
      guard kind.kind == .string else { throw ModuleError.type("a strategy's kind is a str") }
      if let standard = try StandardStrategies.make(pair) {
        strategies.append(standard)
        continue
      }
      if pair.count == 3 {
        let settings = try RecordingSettings(kind: kind.string, pair.item(2))
        strategies.append(try Recorder(to: pair.item(1).byteArray, settings))
        continue
      }
      strategies.append(try make(kind.string, to: sinks.sink(for: pair.item(1))))
    }
    return strategies
  }

  /// A strategy that writes text.
  ///
  /// - Parameter kind: as above. `source` and `color` may follow the events of a tree, in this order.
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
    let source = words.last == "source" ? SourceTexts() : nil
    if source != nil { words.removeLast() }
    let events = try words.reduce(into: EventSet()) { $0.formUnion(try event($1)) }
    switch name {
    case "tree": return TreeLogger(events, to: sink, isColored: isColored, source: source)
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
    case descriptor(Int64)
    case path([UInt8])
    case object(UInt)
  }

  private var sinks: [Key: TextSink] = [:]

  mutating func sink(for target: borrowing Value) throws -> TextSink {
    let key: Key
    switch target.kind {
    case .int: key = .descriptor(target.int64 ?? -1)
    case .bytes: key = .path(target.byteArray)
    default: key = .object(target.address)
    }
    if let known = sinks[key] { return known }
    let sink: TextSink
    switch key {
    case .descriptor(let descriptor):
      sink = TextSink(descriptor: Int32(truncatingIfNeeded: descriptor))
    case .path(let path): sink = try TextSink(path: path)
    case .object: sink = TextSink(pythonFile: target.retained())
    }
    sinks[key] = sink
    return sink
  }
}
