import SwiftTrace

/// Selects the events of a recording to show, and the beginning of their lines.
public struct ReplaySettings: Sendable {
  /// Kind of time at the beginning of each line.
  public enum Times: Sendable {
    /// No time.
    case none
    /// Seconds since the recording's start.
    case relative
    /// Date and time of day, in UTC.
    case absolute
  }

  /// Selects the functions to show, by file and name.
  public var filter = CodeFilter()
  /// Index of the only thread to show; `nil` for all.
  public var thread: Int?
  /// ID of the only process to show; `nil` for all.
  public var process: UInt32?
  /// Time of the first event to show, in nanoseconds since the recording's start.
  public var from: UInt64 = 0
  /// Time of the last event to show, in nanoseconds since the recording's start.
  public var until: UInt64 = .max
  /// Number of outermost frames to show on each stack; `nil` for all.
  public var depth: Int?
  /// Minimum duration of a call to be shown, in nanoseconds. The stretches of a generator between
  /// two yields count separately.
  public var minDuration: UInt64 = 0
  /// Whether consecutive calls of a function in which the same happened are shown once, with their
  /// number. Requires that the only strategy is a `TreeLogger` that shows calls.
  public var folds = false
  /// Maximum number of calls to show within another one; `nil` for all. Requires what `folds`
  /// requires.
  public var maxChildren: Int?
  /// Whether the strategy is a `TreeLogger` with colors.
  public var isColored = false
  /// Kind of time at the beginning of each line.
  public var times = Times.none
  /// Whether each line shows the process's ID, if there are several processes.
  public var namesProcesses = false
  /// Whether the lines of asyncio tasks show the task's number.
  public var namesTasks = false
  /// Number of last lines to show; `nil` for all.
  public var tail: Int?
  /// Whether to wait for more events while the program is running.
  public var follows = false

  /// Creates settings that show all events, with nothing before a line.
  public init() {}
}
