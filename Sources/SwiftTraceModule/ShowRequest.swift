import SwiftTrace
import TraceReading
import TraceReplay

/// The arguments of `_swifttrace.show`, as Swift values.
///
/// In order: the recording; a list of kinds of strategies, as for `start`; a file descriptor; and a
/// tuple of thread, process, first and last nanosecond, depth, tail (each an int or None), `none`,
/// `relative` or `absolute`, whether to follow, lists of globs: include, exclude, functions; the
/// least duration in nanoseconds, whether to fold, how many children (an int or None), and whether
/// tasks are named.
struct ShowRequest {
  private let recording: OpenRecording
  private let kinds: [String]
  private let descriptor: Int32
  private var settings = ReplaySettings()

  init(_ arguments: borrowing Value) throws {
    let description = "show() takes a recording, kinds, a descriptor and 15 settings"
    try arguments.check(count: 4, description)
    let values = try arguments.element(3)
    try values.check(count: 15, description)
    recording = try OpenRecording.of(arguments)
    kinds = try arguments.strings(at: 1)
    descriptor = try arguments.descriptor(at: 2)
    settings.namesProcesses = !kinds.contains { $0.hasPrefix("json") }
    settings.isColored = kinds.contains { $0.hasSuffix(" color") }
    settings.thread = try values.number(at: 0)
    settings.process = try values.number(at: 1).map { UInt32(truncatingIfNeeded: $0) }
    settings.from = try values.natural(at: 2) ?? 0
    settings.until = try values.natural(at: 3) ?? .max
    settings.depth = try values.natural(at: 4).map { Int($0) }
    settings.tail = try values.natural(at: 5).map { Int($0) }
    switch try values.string(at: 6) {
    case "relative": settings.times = .relative
    case "absolute": settings.times = .absolute
    default: settings.times = .none
    }
    settings.follows = try values.flag(at: 7)
    settings.filter.include = try values.strings(at: 8).map { Glob($0) }
    settings.filter.exclude = try values.strings(at: 9).map { Glob($0) }
    settings.filter.functions = try values.strings(at: 10).map { Glob($0) }
    settings.minDuration = try values.natural(at: 11) ?? 0
    settings.folds = try values.flag(at: 12)
    settings.maxChildren = try values.natural(at: 13).map { Int($0) }
    settings.namesTasks = try values.flag(at: 14)
  }

  /// Shows it, to the end or until a signal's handler raises.
  func run() throws {
    var isInterrupted = false
    recording.isBusy = true
    defer { recording.isBusy = false }
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
