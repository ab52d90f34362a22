/// Reports each function once, at its first call, like `python -m trace --listfuncs`.
public struct FunctionLister: TracerStrategy {
  public let interests: EventSet = .call
  private let report: (borrowing Frame) throws -> Void
  private var isKnown: [Bool] = []

  /// Creates a lister that has reported no function.
  ///
  /// - Parameter report: called with the first frame of a function.
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
