/// Counts of functions by number, of which each group keeps those that it has.
///
/// The table has a place for each function of the file, and is used for one group after another:
/// memory and time do not grow with threads times functions.
struct SparseCounts: Sendable {
  private var table: [FunctionStatistics] = []
  /// Numbers that were noted, and whether each number was.
  private var noted: [UInt32] = []
  private var isNoted: [Bool] = []

  var count: Int { table.count }

  /// The counts of a number below `count`, which must have been noted.
  subscript(number: Int) -> FunctionStatistics {
    @inline(__always) get { table[number] }
    @inline(__always) _modify { yield &table[number] }
  }

  /// Makes room for so many numbers.
  mutating func grow(to count: Int) {
    guard count > table.count else { return }
    table.append(contentsOf: repeatElement(FunctionStatistics(), count: count - table.count))
    isNoted.append(contentsOf: repeatElement(false, count: count - isNoted.count))
  }

  /// Takes in that a number is going to have counts.
  @inline(__always)
  mutating func note(_ number: Int) {
    if !isNoted[number] {
      isNoted[number] = true
      noted.append(UInt32(number))
    }
  }

  /// Gives the numbers that have counts, in ascending order, and their counts, and begins anew.
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
