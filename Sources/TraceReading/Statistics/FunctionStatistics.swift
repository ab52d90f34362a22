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

  /// Nothing is counted yet.
  public init() {}

  /// Time of a call in the mean.
  public var mean: UInt64 { calls > 0 ? total / calls : total }
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
