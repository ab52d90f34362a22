/// What is known of one function's calls. Times are nanoseconds.
public struct FunctionStatistics: Equatable, Sendable {
  /// Calls that began. A generator's going on is none.
  public var calls: UInt64 = 0
  /// Time in it, with the calls that it made; where it calls itself, the outermost call's.
  public var total: UInt64 = 0
  /// Time in it, without the calls that it made.
  public var own: UInt64 = 0
  /// Exceptions that were raised in it, by itself or a function written in C.
  public var raised: UInt64 = 0
  /// Exceptions that came out of a call of its and left it too.
  public var passed: UInt64 = 0

  /// Calls, and parts of them, whose beginning is not in the recording: their time counts from
  /// their first event. They are not among `calls`.
  public var withoutStart: UInt64 = 0
  /// Calls whose end is not in the recording: their time counts up to the last event.
  public var withoutEnd: UInt64 = 0

  /// Nothing is counted yet.
  public init() {}

  /// Whether the times are lower bounds.
  public var isPartial: Bool { withoutStart > 0 || withoutEnd > 0 }

  /// Time of a call in the mean; a lower bound if `isPartial`.
  public var mean: UInt64 {
    let (count, overflows) = calls.addingReportingOverflow(withoutStart)
    return count > 0 && !overflows ? total / count : total
  }
}

/// What is known of one line. Times are nanoseconds.
public struct LineStatistics: Equatable, Sendable {
  /// How often it was come to.
  public var hits: UInt64 = 0
  /// Time at it, with the calls that it made.
  public var total: UInt64 = 0
  /// Time at it, without the calls that it made.
  public var own: UInt64 = 0

  /// Nothing is counted yet.
  public init() {}
}
