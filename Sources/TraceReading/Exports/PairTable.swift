/// Numbers pairs of numbers from 0, in order of appearance.
///
/// Faster than a dictionary, which matters because it is used at every call.
struct PairTable {
  /// The pairs, by number.
  private(set) var pairs: [(UInt64, UInt64)] = []
  /// Hash table with open addressing: the number of a pair, or -1. The size is a power of two, and
  /// at most half of the slots are in use.
  private var slots = [Int32](repeating: -1, count: 64)

  /// Returns the number of a pair; adds the pair if it is new.
  @inline(__always)
  mutating func number(of first: UInt64, _ second: UInt64) -> Int {
    let mask = slots.count - 1
    var slot = Self.hash(first, second) & mask
    while slots[slot] >= 0 {
      let place = Int(slots[slot])
      if pairs[place].0 == first, pairs[place].1 == second { return place }
      slot = (slot + 1) & mask
    }
    slots[slot] = Int32(pairs.count)
    pairs.append((first, second))
    if pairs.count * 2 > slots.count { grow() }
    return pairs.count - 1
  }

  /// Whether the pair has a number.
  func contains(_ first: UInt64, _ second: UInt64) -> Bool { known(first, second) != nil }

  /// Returns the number of a pair, or nil if it has none.
  func known(_ first: UInt64, _ second: UInt64) -> Int? {
    let mask = slots.count - 1
    var slot = Self.hash(first, second) & mask
    while slots[slot] >= 0 {
      if pairs[Int(slots[slot])] == (first, second) { return Int(slots[slot]) }
      slot = (slot + 1) & mask
    }
    return nil
  }

  @inline(__always)
  private static func hash(_ first: UInt64, _ second: UInt64) -> Int {
    let mixed = (first &* 0x9E37_79B9_7F4A_7C15) ^ (second &* 0xC2B2_AE3D_27D4_EB4F)
    return Int(truncatingIfNeeded: (mixed ^ mixed >> 29) &* 0x9E37_79B9_7F4A_7C15 >> 20)
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 2)
    let mask = slots.count - 1
    for (number, pair) in pairs.enumerated() {
      var slot = Self.hash(pair.0, pair.1) & mask
      while slots[slot] >= 0 { slot = (slot + 1) & mask }
      slots[slot] = Int32(number)
    }
  }
}
