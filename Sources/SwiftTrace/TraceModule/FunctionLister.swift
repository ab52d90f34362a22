/// Tells of each function once, at its first call: what `python -m trace --listfuncs` does.
public struct FunctionLister: TracerStrategy {
  public let interests: EventSet = .call
  private let report: (borrowing Frame) throws -> Void
  private var isKnown: [Bool] = []

  /// A lister that has reported no function.
  ///
  /// - Parameter report: called with the frame that is the function's first.
  public init(_ report: @escaping (borrowing Frame) throws -> Void) { self.report = report }

  public mutating func call(_ event: borrowing CallEvent) throws {
    let number = Int(event.function.number)
    if number < isKnown.count {
      if isKnown[number] { return }
    } else {
      let missing = max(number + 1, isKnown.count * 2) - isKnown.count
      isKnown.append(contentsOf: repeatElement(false, count: missing))
    }
    isKnown[number] = true
    try report(event.frame)
  }
}
