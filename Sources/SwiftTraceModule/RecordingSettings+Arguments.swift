import SwiftTrace
import TraceReplay

extension RecordingSettings {
  /// - Parameter arguments: a `Recorder` of `_swifttrace.pyi`, without its path.
  init(_ arguments: inout Arguments) throws {
    _ = try arguments.string("kind")
    self.init()
    events = try arguments.events("events")
    keepsValues = try arguments.optionalChoice("values", Values.self) != nil
    maximumSize = try arguments.natural("max_size")
    keep = try arguments.choice("keep", Kept.self) == .last ? .last : .first
    minimumDuration = try arguments.natural("min_duration") ?? 0
    followsForks = try arguments.flag("children")
    replaces = try arguments.flag("force")
    if try arguments.flag("reports") { readTotals = RecordingTotals.read }
    note = try arguments.string("note")
    about.python = try arguments.string("python")
    about.platform = try arguments.string("platform")
    about.arguments = try arguments.strings("arguments")
    about.options = try arguments.strings("options")
    about.family = try arguments.pair("run_id")
    about.isChild = try arguments.flag("is_child")
  }

  private enum Values: String { case safe }
  private enum Kept: String { case first, last }
}
