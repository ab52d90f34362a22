/// Tells of each function once, at its first call: what `python -m trace --listfuncs` does.
public struct FunctionLister: TracerStrategy {
  public let interests: EventSet = .call
  private let tell: (borrowing Frame) throws -> Void
  private var isKnown: [Bool] = []

  /// A lister that has told of no function.
  ///
  /// - Parameter tell: called with the frame that is the function's first.
  public init(_ tell: @escaping (borrowing Frame) throws -> Void) { self.tell = tell }

  public mutating func call(_ event: borrowing CallEvent) throws {
    let number = Int(event.function.number)
    if number < isKnown.count {
      if isKnown[number] { return }
    } else {
      let missing = max(number + 1, isKnown.count * 2) - isKnown.count
      isKnown.append(contentsOf: repeatElement(false, count: missing))
    }
    isKnown[number] = true
    try tell(event.frame)
  }
}
