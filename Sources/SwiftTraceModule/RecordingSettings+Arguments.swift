import SwiftTrace

extension RecordingSettings {
  /// - Parameters:
  ///   - kind: `record`, followed by the events: `calls`, `lines`, `returns`, `exceptions`, `opcodes`,
  ///     `builtins`.
  ///   - values: a tuple of: whether values are kept, the greatest size or None, whether the last events
  ///     are kept, whether forks are followed, whether a recording is replaced, whether to tell at the
  ///     end, `sys.version`, the platform, the command line, the options, the number of the run (two
  ///     ints), whether another process of the run has started this one, and the nanoseconds below which
  ///     calls are left out.
  init(kind: String, _ values: borrowing Value) throws {
    guard values.kind == .tuple, values.count == 13 else {
      throw ModuleError.type("a recorder takes 13 settings")
    }
    self.init()
    events = try kind.split(separator: " ").dropFirst().reduce(into: EventSet()) {
      $0.formUnion(try event($1))
    }
    keepsValues = values.item(0).kind == .true
    let size = values.item(1)
    maximumSize = size.kind == .int ? size.int64.map { UInt64($0) } : nil
    keep = values.item(2).kind == .true ? .last : .first
    followsForks = values.item(3).kind == .true
    replaces = values.item(4).kind == .true
    tellsAtEnd = values.item(5).kind == .true
    about.python = values.item(6).string
    about.platform = values.item(7).string
    about.arguments = try strings(values.item(8))
    about.options = try strings(values.item(9))
    let family = values.item(10)
    if family.kind == .tuple, family.count == 2, let first = family.item(0).int64,
      let second = family.item(1).int64
    {
      about.family = (UInt64(bitPattern: first), UInt64(bitPattern: second))
    }
    about.isChild = values.item(11).kind == .true
    let duration = values.item(12)
    minimumDuration = duration.kind == .int ? UInt64(max(0, duration.int64 ?? 0)) : 0
  }
}
