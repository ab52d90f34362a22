/// Makes hostile files of a good one: the same ones in each run.
struct Mutation {
  private var numbers: Numbers

  init(seed: UInt64) { numbers = Numbers(seed) }

  /// The file, damaged in one way or in several.
  mutating func mutate(_ original: [UInt8]) -> [UInt8] {
    var bytes = original
    for _ in 0...below(3) { change(&bytes) }
    return bytes
  }

  private mutating func below(_ limit: Int) -> Int {
    limit <= 0 ? 0 : Int(numbers.next() % UInt64(limit))
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    let pages = max(1, bytes.count / 4096)
    // The heads of the file and of its chunks are a small part of it, and the most telling one.
    let head = below(pages) * 4096 + below(96)
    let anywhere = below(bytes.count)
    let place = below(2) == 0 ? min(head, bytes.count - 1) : anywhere
    switch below(9) {
    case 0, 1:
      for _ in 0...below(8) { bytes[below(bytes.count)] ^= 1 << UInt8(below(8)) }
    case 2: bytes[place] = UInt8(truncatingIfNeeded: numbers.next())
    case 3: bytes.removeLast(below(bytes.count))
    case 4:  // A number of the greatest or the smallest kind.
      let value: UInt8 = [0, 0xFF, 0x7F, 0x80][below(4)]
      for index in place..<min(place + [1, 2, 4, 8][below(4)], bytes.count) { bytes[index] = value }
    case 5:  // A range stands somewhere else.
      let count = below(min(8192, bytes.count - anywhere))
      let part = bytes[anywhere..<(anywhere + count)]
      let target = below(bytes.count - count)
      bytes.replaceSubrange(target..<(target + count), with: part)
    case 6:  // Pages change their places.
      let (one, other) = (below(pages) * 4096, below(pages) * 4096)
      for index in 0..<min(4096, bytes.count - max(one, other)) {
        bytes.swapAt(one + index, other + index)
      }
    case 7:  // Zeros.
      let start = below(pages) * 4096
      for index in start..<min(start + 4096 * (1 + below(2)), bytes.count) { bytes[index] = 0 }
    default:  // Something is put in, so that all behind it stands elsewhere.
      bytes.insert(contentsOf: repeatElement(UInt8(below(256)), count: below(64)), at: anywhere)
    }
  }
}
