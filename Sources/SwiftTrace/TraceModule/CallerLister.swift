/// Tells once of each pair of functions of which one calls the other: what
/// `python -m trace --trackcalls` does. The outermost function of a thread has been called by
/// nobody.
public struct CallerLister: TracerStrategy {
  public let interests: EventSet = .call
  private let tell: (borrowing Frame) throws -> Void
  private var pairs: Set<UInt64> = []

  /// A lister that has told of no pair.
  ///
  /// - Parameter tell: called with a frame of the called function; the frame below is the caller's.
  public init(_ tell: @escaping (borrowing Frame) throws -> Void) { self.tell = tell }

  public mutating func call(_ event: borrowing CallEvent) throws {
    // A caller that ran before tracing started may have no number; then it is told of again.
    if let caller = event.frame.callerNumber {
      let pair = UInt64(caller) << 32 | UInt64(event.function.number)
      guard pairs.insert(pair).inserted else { return }
    } else if event.frame.back == nil {
      return
    }
    try tell(event.frame)
  }
}
