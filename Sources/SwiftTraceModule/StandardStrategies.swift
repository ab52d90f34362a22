import SwiftTrace

/// The strategies of `swifttrace.trace`, made in Swift.
enum StandardStrategies {
  /// A strategy of three: `functions` or `callers`, the function that is called with the code objects of a
  /// function and of its caller, which may be None, and an empty tuple; `count`, the object whose `write` gets the counts, and a tuple of the modules
  /// and the folders to ignore and of whether frames count that run already; or `trace`, the object whose `write` gets the text, and a tuple of: the
  /// same two, the start in nanoseconds or None, whether lines are spaced, characters to gather, an
  /// object whose `write` puts the source of the file that it is given into a list, and that list.
  static func make(_ values: borrowing Value) throws -> (any TracerStrategy)? {
    let kind = values.item(0)
    guard kind.kind == .string, values.count == 3 else { return nil }
    let settings = values.item(2)
    switch kind.string {
    case "count":
      let ignore = try StandardIgnore(
        modules: strings(settings.item(0)), folders: strings(settings.item(1)))
      return LineCounter(
        to: TextSink(pythonFile: values.item(1).retained()), ignoring: ignore,
        countsRunningFrames: settings.item(2).kind == .true)
    case "functions":
      let listener = values.item(1).retained()
      return FunctionLister { try $0.tell(listener) }
    case "callers":
      let listener = values.item(1).retained()
      return CallerLister { try $0.tell(listener) }
    case "trace":
      let ignore = try StandardIgnore(
        modules: strings(settings.item(0)), folders: strings(settings.item(1)))
      let start = settings.item(2)
      let style = StandardTraceLogger.Style(
        start: start.kind == .int ? start.int64.map { UInt64($0) } : nil,
        isSpaced: settings.item(3).kind == .true)
      let reader = TextSink(pythonFile: settings.item(5).retained())
      let box = settings.item(6).retained()
      let sink = TextSink(
        pythonFile: values.item(1).retained(), gathering: Int(settings.item(4).int64 ?? 1))
      return StandardTraceLogger(to: sink, ignoring: ignore, style: style) { file in
        try reader.write { $0.append(string: file) }
        let list = box.value
        guard list.kind == .list, list.count > 0 else { return [] }
        return list.item(0).byteArray
      }
    default: return nil
    }
  }
}
