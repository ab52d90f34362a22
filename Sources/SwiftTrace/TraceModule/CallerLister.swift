/// Reports each pair of a function and its caller once, like `python -m trace --trackcalls`. The
/// outermost function of a thread has no caller.
public struct CallerLister: TracerStrategy {
  public let interests: EventSet = .call
  private let report: (borrowing Frame) throws -> Void
  private var pairs: Set<UInt64> = []

  /// Creates a lister that has reported no pair.
  ///
  /// - Parameter report: called with a frame of the called function; the frame below is its
  ///   caller's.
  public init(_ report: @escaping (borrowing Frame) throws -> Void) { self.report = report }

  public mutating func call(_ event: borrowing CallEvent) throws {
    // A caller that started before tracing may have no number. Its pairs are reported repeatedly.
    if let caller = event.frame.callerNumber {
      let pair = UInt64(caller) << 32 | UInt64(event.function.number)
      guard pairs.insert(pair).inserted else { return }
    } else if event.frame.back == nil {
      return
    }
    try report(event.frame)
  }
}
