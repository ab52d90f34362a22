/// Counts of functions by number, of which each group stores only those that it has.
///
/// One table with an entry for each function of the file serves one group after another, so memory
/// and time do not grow with threads times functions.
struct SparseCounts: Sendable {
  private var table: [FunctionStatistics] = []
  /// Numbers that were noted, and for each number whether it was.
  private var noted: [UInt32] = []
  private var isNoted: [Bool] = []

  var count: Int { table.count }

  /// The counts of a number below `count`, which must have been noted.
  subscript(number: Int) -> FunctionStatistics {
    @inline(__always) get { table[number] }
    @inline(__always) _modify { yield &table[number] }
  }

  /// Extends the table to the numbers below `count`.
  mutating func grow(to count: Int) {
    guard count > table.count else { return }
    table.append(contentsOf: repeatElement(FunctionStatistics(), count: count - table.count))
    isNoted.append(contentsOf: repeatElement(false, count: count - isNoted.count))
  }

  /// Records that a number may have counts.
  @inline(__always)
  mutating func note(_ number: Int) {
    if !isNoted[number] {
      isNoted[number] = true
      noted.append(UInt32(number))
    }
  }

  /// Returns the numbers that have counts, in ascending order, and their counts; then resets the
  /// table.
  mutating func take() -> (numbers: [UInt32], counts: [FunctionStatistics]) {
    let numbers = noted.sorted().filter { table[Int($0)] != FunctionStatistics() }
    let counts = numbers.map { table[Int($0)] }
    for number in noted {
      table[Int(number)] = FunctionStatistics()
      isNoted[Int(number)] = false
    }
    noted = []
    return (numbers, counts)
  }
}
