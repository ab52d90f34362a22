import SwiftTrace

/// The strategies of `swifttrace.trace`, made in Swift.
enum StandardStrategies {
  /// A strategy of three: `functions` or `callers`, the function that is called with the code
  /// objects of a function and of its caller, which may be None, and an empty tuple; `count`, the
  /// object whose `write` gets the counts, and a tuple of the modules and the folders to ignore and
  /// of whether frames count that run already; or `trace`, the object whose `write` gets the text,
  /// and a tuple of: the same two, the start in nanoseconds or None, whether lines are spaced,
  /// characters to gather, an object whose `write` puts the source of the file that it is given
  /// into a list, and that list.
  static func make(_ values: borrowing Value) throws -> (any TracerStrategy)? {
    let settings = try values.element(2)
    let target = try values.element(1).retained()
    switch try values.string(at: 0) {
    case "count":
      try settings.check(count: 3, "a counter of lines takes 3 settings")
      return LineCounter(
        to: TextSink(pythonFile: target), ignoring: try ignore(settings),
        countsRunningFrames: try settings.flag(at: 2))
    case "functions": return FunctionLister { try $0.tell(target) }
    case "callers": return CallerLister { try $0.tell(target) }
    case "trace":
      try settings.check(count: 7, "a logger of `trace` takes 7 settings")
      let style = StandardTraceLogger.Style(
        start: try settings.natural(at: 2), isSpaced: try settings.flag(at: 3))
      let reader = TextSink(pythonFile: try settings.element(5).retained())
      let box = try settings.element(6).retained()
      let sink = TextSink(pythonFile: target, gathering: try settings.number(at: 4) ?? 1)
      return StandardTraceLogger(to: sink, ignoring: try ignore(settings), style: style) { file in
        try reader.write { $0.append(string: file) }
        let list = box.value
        guard list.kind == .list, list.count > 0 else { return [] }
        let text = try list.element(0)
        return text.kind == .bytes ? text.byteArray : []
      }
    default: return nil
    }
  }

  private static func ignore(_ settings: borrowing Value) throws -> StandardIgnore {
    try StandardIgnore(modules: settings.strings(at: 0), folders: settings.strings(at: 1))
  }
}
