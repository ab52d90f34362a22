/// Tells once of each pair of functions of which one calls the other: what
/// `python -m trace --trackcalls` does. The outermost function of a thread has been called by
/// nobody.
public struct CallerLister: TracerStrategy {
  public let interests: EventSet = .call
  private let report: (borrowing Frame) throws -> Void
  private var pairs: Set<UInt64> = []

  /// A lister that has reported no pair.
  ///
  /// - Parameter report: called with a frame of the called function; below it is the caller's.
  public init(_ report: @escaping (borrowing Frame) throws -> Void) { self.report = report }

  public mutating func call(_ event: borrowing CallEvent) throws {
    // A caller that ran before tracing started may have no number; then it is reported again.
    if let caller = event.frame.callerNumber {
      let pair = UInt64(caller) << 32 | UInt64(event.function.number)
      guard pairs.insert(pair).inserted else { return }
    } else if event.frame.back == nil {
      return
    }
    try report(event.frame)
  }
}
