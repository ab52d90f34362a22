import SwiftTrace

/// Creates the strategies of `swifttrace.trace`.
enum StandardStrategies {
  /// - Parameter arguments: a `LineCounter`, `FunctionLister`, `CallerLister` or `LineTracer` of
  ///   `_swifttrace.pyi`.
  static func make(_ arguments: inout Arguments) throws -> any TracerStrategy {
    let kind = try arguments.string("kind")
    let target = try arguments.object("target")
    switch kind {
    case "count":
      let ignored = try ignore(&arguments)
      let countsRunningFrames = try arguments.flag("counts_running_frames")
      try arguments.finish()
      return LineCounter(
        to: TextSink(pythonFile: target), ignoring: ignored,
        countsRunningFrames: countsRunningFrames)
    case "functions":
      try arguments.finish()
      return FunctionLister { try $0.report(target) }
    case "callers":
      try arguments.finish()
      return CallerLister { try $0.report(target) }
    default: return try logger(to: target, &arguments)
    }
  }

  private static func logger(
    to target: PythonObject, _ arguments: inout Arguments
  ) throws -> StandardTraceLogger {
    let ignored = try ignore(&arguments)
    let style = StandardTraceLogger.Style(
      start: try arguments.natural("start"), isSpaced: try arguments.flag("is_spaced"))
    let sink = TextSink(pythonFile: target, gathering: try arguments.int("gathered") ?? 1)
    let reader = TextSink(pythonFile: try arguments.object("sources"))
    let box = try arguments.object("box")
    try arguments.finish()
    return StandardTraceLogger(to: sink, ignoring: ignored, style: style) { file in
      try reader.write { $0.append(string: file) }
      let list = box.value
      guard list.kind == .list, list.count > 0 else { return [] }
      let text = try list.element(0)
      return text.kind == .bytes ? text.byteArray : []
    }
  }

  private static func ignore(_ arguments: inout Arguments) throws -> StandardIgnore {
    try StandardIgnore(
      modules: arguments.strings("modules"), folders: arguments.strings("folders"))
  }
}
