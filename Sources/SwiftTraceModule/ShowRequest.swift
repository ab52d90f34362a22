import SwiftTrace
import TraceReading
import TraceReplay

/// The arguments of `_swifttrace.show`, as Swift values: the recording, and a `ShowRequest` of
/// `_swifttrace.pyi`.
struct ShowRequest {
  private enum Times: String { case none, relative, absolute }

  private let recording: OpenRecording
  private let loggers: [LoggerSettings]
  private let descriptor: Int32
  private var settings = ReplaySettings()

  init(_ arguments: borrowing Value) throws {
    try arguments.check(count: 2, "show() takes a recording and a dict")
    recording = try OpenRecording.of(arguments)
    var request = try Arguments(arguments.element(1), of: "show()")
    loggers = try request.list("loggers").map { arguments in
      var arguments = arguments
      let logger = try LoggerSettings(&arguments)
      try arguments.finish()
      return logger
    }
    descriptor = try request.descriptor("descriptor")
    settings.namesProcesses = !loggers.contains { $0.kind == .json }
    settings.isColored = loggers.contains { $0.isColored }
    let selection = try ThreadSelection(&request)
    settings.thread = selection.thread
    settings.process = selection.process
    settings.from = try request.natural("begin") ?? 0
    settings.until = try request.natural("end") ?? .max
    settings.depth = try request.natural("depth").map { Int($0) }
    settings.tail = try request.natural("tail").map { Int($0) }
    settings.times =
      switch try request.choice("times", Times.self) {
      case .none: .none
      case .relative: .relative
      case .absolute: .absolute
      }
    settings.follows = try request.flag("follow")
    settings.filter.include = try request.globs("include")
    settings.filter.exclude = try request.globs("exclude")
    settings.filter.functions = try request.globs("function")
    settings.minDuration = try request.natural("min_duration") ?? 0
    settings.folds = try request.flag("fold")
    settings.maxChildren = try request.natural("max_children").map { Int($0) }
    settings.namesTasks = try request.flag("tasks")
    try request.finish()
  }

  /// Prints the recording, until its end or until a signal's handler raises. Returns whether there
  /// was text to print.
  func run() throws -> Bool {
    var isInterrupted = false
    var hasText = false
    recording.isBusy = true
    defer { recording.isBusy = false }
    try withoutGIL {
      var replay = Replay(recording.reader, settings, to: descriptor) { sink in
        loggers.map { $0.logger(to: sink) }
      }
      try replay.run { isWaiting in
        if isWaiting { pause(milliseconds: 50) }
        isInterrupted = !checkSignals()
        return !isInterrupted
      }
      hasText = replay.hasText
    }
    if isInterrupted { throw Interrupted() }
    return hasText
  }
}
