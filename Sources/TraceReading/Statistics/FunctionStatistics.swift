/// Counts and times of a function's calls. Times are in nanoseconds.
public struct FunctionStatistics: Equatable, Sendable {
  /// Number of calls that began. A resume is not a call.
  public var calls: UInt64 = 0
  /// Time in the function, including the calls that it made. For recursive calls, the time of the
  /// outermost.
  public var total: UInt64 = 0
  /// Time in the function, without the calls that it made.
  public var own: UInt64 = 0
  /// Number of exceptions that the function, or a C function that it called, raised.
  public var raised: UInt64 = 0
  /// Number of exceptions that were raised in a callee and left this function too.
  public var passed: UInt64 = 0

  /// Number of calls and resumes whose beginning is not in the recording. Their time counts from
  /// their first event. They are not included in `calls`.
  public var withoutStart: UInt64 = 0
  /// Number of calls whose end is not in the recording. Their time counts up to the last event.
  public var withoutEnd: UInt64 = 0

  /// Creates zero counts.
  public init() {}

  /// Whether the times are lower bounds.
  public var isPartial: Bool { withoutStart > 0 || withoutEnd > 0 }

  /// Average time of a call; a lower bound if `isPartial`.
  public var mean: UInt64 {
    let (count, overflows) = calls.addingReportingOverflow(withoutStart)
    return count > 0 && !overflows ? total / count : total
  }
}

/// Counts and times of a line. Times are in nanoseconds.
public struct LineStatistics: Equatable, Sendable {
  /// Number of line events.
  public var hits: UInt64 = 0
  /// Time at the line, including the calls that it made.
  public var total: UInt64 = 0
  /// Time at the line, without the calls that it made.
  public var own: UInt64 = 0

  /// Creates zero counts.
  public init() {}
}
