import SwiftTrace
import TraceReplay

extension RecordingSettings {
  /// - Parameters:
  ///   - kind: `record`, followed by the events: `calls`, `lines`, `returns`, `exceptions`,
  ///     `opcodes`,
  ///     `builtins`.
  ///   - values: a tuple of: whether values are kept, the greatest size or None, whether the last
  ///     events
  ///     are kept, whether forks are followed, whether a recording is replaced, whether to tell at the
  ///     end, `sys.version`, the platform, the command line, the options, the number of the run (two
  ///     ints), whether another process of the run has started this one, and the nanoseconds below which
  ///     calls are left out.
  init(kind: String, _ values: borrowing Value) throws {
    try values.check(count: 13, "a recorder takes 13 settings")
    self.init()
    events = try kind.split(separator: " ").dropFirst().reduce(into: EventSet()) {
      $0.formUnion(try event($1))
    }
    keepsValues = try values.flag(at: 0)
    maximumSize = try values.natural(at: 1)
    keep = try values.flag(at: 2) ? .last : .first
    followsForks = try values.flag(at: 3)
    replaces = try values.flag(at: 4)
    if try values.flag(at: 5) { readTotals = RecordingTotals.read }
    about.python = try values.string(at: 6)
    about.platform = try values.string(at: 7)
    about.arguments = try values.strings(at: 8)
    about.options = try values.strings(at: 9)
    let family = try values.element(10)
    if family.kind == .tuple, family.count == 2, let first = try family.number(at: 0),
      let second = try family.number(at: 1)
    {
      about.family = (UInt64(bitPattern: Int64(first)), UInt64(bitPattern: Int64(second)))
    }
    about.isChild = try values.flag(at: 11)
    minimumDuration = try values.natural(at: 12) ?? 0
  }
}
