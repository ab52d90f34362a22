import SwiftTrace

/// Which events of a recording are shown, and what stands before each.
public struct ReplaySettings: Sendable {
  /// What stands before each line.
  public enum Times: Sendable {
    /// Nothing.
    case none
    /// Seconds since the recording's start.
    case relative
    /// The date and time of day, in UTC.
    case absolute
  }

  /// Which functions, by file and name.
  public var filter = CodeFilter()
  /// The number of the only thread to show; nil for all.
  public var thread: Int?
  /// The number of the only process to show; nil for all.
  public var process: UInt32?
  /// Nanoseconds since the recording's start, from which on events are shown.
  public var from: UInt64 = 0
  /// Nanoseconds since the recording's start, up to which events are shown.
  public var until: UInt64 = .max
  /// The outermost frames that are shown: how many.
  public var depth: Int?
  /// Nanoseconds that a call must last to be shown. A generator's stretches between two yields count
  /// each for itself.
  public var minDuration: UInt64 = 0
  /// Whether calls of a function that follow each other and did the same are shown as one, counted.
  /// For the lines of one `TreeLogger` that shows calls.
  public var folds = false
  /// How many calls are shown within another one; nil for all. As for `folds`.
  public var maxChildren: Int?
  /// Whether the lines are those of a colored `TreeLogger`.
  public var isColored = false
  /// What stands before each line.
  public var times = Times.none
  /// Whether the process's number stands before each line, where there are several.
  public var namesProcesses = false
  /// Whether the number of an event's asyncio task stands before each line, where it has one.
  public var namesTasks = false
  /// How many of the last lines are shown; nil for all.
  public var tail: Int?
  /// Whether to wait for more where the program still runs.
  public var follows = false

  /// All events, with nothing before a line.
  public init() {}
}
