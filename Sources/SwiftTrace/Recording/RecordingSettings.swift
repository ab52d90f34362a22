/// The contents of a recording, and its limits.
public struct RecordingSettings: Sendable {
  /// The events to keep when a recording has reached its maximum size.
  public enum Keep: Sendable {
    /// The first events. Later ones are counted as dropped.
    case first
    /// The last events: the oldest are evicted, as in a flight recorder.
    case last
  }

  /// The events to record.
  public var events: EventSet = [.call, .line, .return, .exception]
  /// Whether arguments, returned values and the messages of exceptions are kept, with the same
  /// bounds as in live text.
  public var keepsValues = false
  /// Duration in nanoseconds below which calls are omitted, with all events in them (default: 0,
  /// none). Calls that are suspended are kept.
  public var minimumDuration: UInt64 = 0
  /// Maximum size of a process's file in bytes, at least 256 KB; nil for no limit.
  public var maximumSize: UInt64?
  /// The events to keep when the maximum size is reached.
  public var keep = Keep.first
  /// Whether forked children record too, each to its own file.
  public var followsForks = true
  /// Whether an existing recording is replaced, with those of its children.
  public var replaces = false
  /// Reads the totals of all files of the recording at a path, which the first process prints in
  /// one line on standard error at its end (default: `nil`, no line). If it returns `nil`, the line
  /// has the numbers of this process's own file.
  public var readTotals: (@Sendable (_ path: [UInt8]) -> RecordingTotals?)?
  /// The end of the line that `readTotals` causes (default: empty).
  public var note = ""
  /// Facts about the program, stored in the header.
  public var about = About()

  /// Facts about the program, stored in the header beside those that the engine finds itself.
  public struct About: Sendable {
    /// `sys.version`.
    public var python = ""
    /// The platform: `linux-x86_64`.
    public var platform = ""
    /// The program's command line.
    public var arguments: [String] = []
    /// The options of the recorder.
    public var options: [String] = []
    /// The run ID, which the files of all its processes share; nil for a new one.
    public var family: (UInt64, UInt64)?
    /// Whether another process of the run has started this one. The path is then that of the first
    /// process's file; this process's own file is created beside it.
    public var isChild = false

    /// No facts but those that the engine finds itself.
    public init() {}
  }

  /// Records calls, lines, returns and exceptions without values, of any duration and size.
  public init() {}
}
