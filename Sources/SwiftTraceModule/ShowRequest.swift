import SwiftTrace
import TraceReading

/// The arguments of `_swifttrace.show`, as Swift values.
///
/// In order: the recording; a list of kinds of strategies, as for `start`; a file descriptor; and a
/// tuple of thread, process, first and last nanosecond, depth, tail (each an int or None), `none`,
/// `relative` or `absolute`, whether to follow, lists of globs: include, exclude, functions; the least
/// duration in nanoseconds, whether to fold, how many children (an int or None), and
/// whether tasks are named.
struct ShowRequest {
  private let recording: OpenRecording
  private let kinds: [String]
  private let descriptor: Int32
  private var settings = ReplaySettings()

  init(_ arguments: borrowing Value) throws {
    guard arguments.kind == .tuple, arguments.count == 4, arguments.item(3).kind == .tuple,
      arguments.item(3).count == 15
    else { throw ModuleError.type("show() takes a recording, kinds, a descriptor and settings") }
    recording = try OpenRecording.of(arguments)
    kinds = try strings(arguments.item(1))
    descriptor = Int32(truncatingIfNeeded: arguments.item(2).int64 ?? 1)
    settings.namesProcesses = !kinds.contains { $0.hasPrefix("json") }
    settings.isColored = kinds.contains { $0.hasSuffix(" color") }
    let values = arguments.item(3)
    settings.thread = number(values.item(0)).map { Int($0) }
    settings.process = number(values.item(1)).map { UInt32(truncatingIfNeeded: $0) }
    settings.from = number(values.item(2)).map { UInt64($0) } ?? 0
    settings.until = number(values.item(3)).map { UInt64($0) } ?? .max
    settings.depth = number(values.item(4)).map { Int($0) }
    settings.tail = number(values.item(5)).map { Int($0) }
    switch values.item(6).string {
    case "relative": settings.times = .relative
    case "absolute": settings.times = .absolute
    default: settings.times = .none
    }
    settings.follows = values.item(7).kind == .true
    settings.filter.include = try strings(values.item(8)).map { Glob($0) }
    settings.filter.exclude = try strings(values.item(9)).map { Glob($0) }
    settings.filter.functions = try strings(values.item(10)).map { Glob($0) }
    settings.minDuration = number(values.item(11)).map { UInt64($0) } ?? 0
    settings.folds = values.item(12).kind == .true
    settings.maxChildren = number(values.item(13)).map { Int($0) }
    settings.namesTasks = values.item(14).kind == .true
  }

  /// Shows it, to the end or until a signal's handler raises.
  func run() throws {
    var isInterrupted = false
    try withoutGIL {
      var replay = try Replay(recording.reader, settings, to: descriptor) { sink in
        try kinds.map { try StrategyList.make($0, to: sink) }
      }
      try replay.run { isWaiting in
        if isWaiting { pause(milliseconds: 50) }
        isInterrupted = !checkSignals()
        return !isInterrupted
      }
    }
    if isInterrupted { throw Interrupted() }
  }
}

private func number(_ value: borrowing Value) -> Int64? {
  value.kind == .int ? value.int64 : nil
}
