/// What a recording is to hold, and how much of it.
public struct RecordingSettings: Sendable {
  /// What makes room where a recording has reached its greatest size.
  public enum Keep: Sendable {
    /// Nothing: the first events are kept, and the others counted.
    case first
    /// The oldest events: a flight recorder.
    case last
  }

  /// Which events are recorded.
  public var events: EventSet = [.call, .line, .return, .exception]
  /// Whether arguments, returned values and exceptions' messages are kept, in the bounded form of
  /// the live text.
  public var keepsValues = false
  /// Calls that end within so many nanoseconds are left out, with all that happened in them. Calls
  /// that are suspended are kept.
  public var minimumDuration: UInt64 = 0
  /// Bytes that a process's file is not to exceed; nil for no limit. At least 256 KB.
  public var maximumSize: UInt64?
  /// What makes room where the greatest size is reached.
  public var keep = Keep.first
  /// Whether forked children record too, each to a file of its own.
  public var followsForks = true
  /// Whether a recording that is there already is replaced, with those of its children.
  public var replaces = false
  /// Reads what the files of the recording at a path hold, for a line that the first process prints
  /// on standard error at its end (default: `nil`, no line). `nil` as the result stands for this
  /// process's own file.
  public var readTotals: (@Sendable (_ path: [UInt8]) -> RecordingTotals?)?
  /// What the file says of itself.
  public var about = About()

  /// What the file says of itself beside what the engine finds out.
  public struct About: Sendable {
    /// `sys.version`.
    public var python = ""
    /// The system: `linux-x86_64`.
    public var platform = ""
    /// The program's command line.
    public var arguments: [String] = []
    /// What was asked of the recorder.
    public var options: [String] = []
    /// The number of the run, in the files of all its processes; nil for one that no other has.
    public var family: (UInt64, UInt64)?
    /// Whether another process of the run has started this one. The path is then that of the first
    /// process's file, beside which this one's lies.
    public var isChild = false

    /// The file says nothing beside what the engine finds out.
    public init() {}
  }

  /// Calls, lines, returns and exceptions without values, of any length.
  public init() {}
}
