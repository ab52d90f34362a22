/// Makes hostile files from a valid one, equal in each run.
struct Mutation {
  private var numbers: Numbers

  init(seed: UInt64) { numbers = Numbers(seed) }

  /// A copy of the file with one or more kinds of damage.
  mutating func mutate(_ original: [UInt8]) -> [UInt8] {
    var bytes = original
    for _ in 0...below(3) { change(&bytes) }
    return bytes
  }

  /// A copy of the file with some numbers replaced by extreme ones, and correct checksums.
  mutating func exaggerate(_ original: [UInt8]) -> [UInt8] {
    var bytes = original
    for _ in 0...below(4) { changeNumber(&bytes) }
    renewChecks(of: &bytes)
    return bytes
  }

  private mutating func below(_ limit: Int) -> Int {
    limit <= 0 ? 0 : Int(numbers.next() % UInt64(limit))
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    let pages = max(1, bytes.count / 4096)
    // Favors the headers of file and chunks: they are small, but their damage has most effect.
    let head = below(pages) * 4096 + below(96)
    let anywhere = below(bytes.count)
    let place = below(2) == 0 ? min(head, bytes.count - 1) : anywhere
    switch below(9) {
    case 0, 1:
      for _ in 0...below(8) { bytes[below(bytes.count)] ^= 1 << UInt8(below(8)) }
    case 2: bytes[place] = UInt8(truncatingIfNeeded: numbers.next())
    case 3: bytes.removeLast(below(bytes.count))
    case 4:  // An extreme number.
      let value: UInt8 = [0, 0xFF, 0x7F, 0x80][below(4)]
      for index in place..<min(place + [1, 2, 4, 8][below(4)], bytes.count) { bytes[index] = value }
    case 5:  // A range is moved.
      let count = below(min(8192, bytes.count - anywhere))
      let part = bytes[anywhere..<(anywhere + count)]
      let target = below(bytes.count - count)
      bytes.replaceSubrange(target..<(target + count), with: part)
    case 6:  // Two pages are swapped.
      let (one, other) = (below(pages) * 4096, below(pages) * 4096)
      for index in 0..<min(4096, bytes.count - max(one, other)) {
        bytes.swapAt(one + index, other + index)
      }
    case 7:  // Zeros.
      let start = below(pages) * 4096
      for index in start..<min(start + 4096 * (1 + below(2)), bytes.count) { bytes[index] = 0 }
    default:  // Bytes are inserted, so that all later offsets change.
      bytes.insert(contentsOf: repeatElement(UInt8(below(256)), count: below(64)), at: anywhere)
    }
  }

  /// Offsets and sizes of the numbers in the headers of file and chunks, and in an entry of the
  /// thread directory.
  private static let headerFields = [
    (8, 2), (12, 1), (13, 1), (14, 1), (16, 4), (24, 8), (40, 4), (44, 4), (48, 8), (56, 8),
    (64, 8), (72, 8), (80, 8), (88, 8), (96, 8), (104, 8), (128, 4),
  ]
  private static let chunkFields = [
    (4, 1), (8, 4), (16, 8), (24, 8), (32, 4), (36, 4), (40, 8), (52, 4), (56, 4), (60, 4),
  ]
  private static let cellFields = [
    (0, 1), (1, 1), (2, 1), (4, 4), (8, 8), (16, 8), (24, 8), (32, 8), (40, 8), (48, 8), (56, 8),
    (112, 8),
  ]

  private mutating func changeNumber(_ bytes: inout [UInt8]) {
    let pages = max(1, bytes.count / 4096)
    let page = below(pages) * 4096
    switch below(8) {
    case 0: changeField(&bytes, Self.headerFields, at: 0)
    case 1, 2: changeField(&bytes, Self.chunkFields, at: page)
    case 3:  // The chunk after the definitions is the thread directory.
      changeField(&bytes, Self.cellFields, at: 2 * 4096 + 64 + below(3) * 128)
    case 4, 5:  // A number in a definition, or in a record with whole bytes.
      let place = page + 64 + below(below(2) == 0 ? 256 : 4032)
      storeExtreme(&bytes, at: place, size: [1, 2, 3, 4, 5, 8][below(6)])
    default: changeLongNumber(&bytes, in: page)
    }
  }

  private mutating func changeField(
    _ bytes: inout [UInt8], _ fields: [(offset: Int, size: Int)], at start: Int
  ) {
    let field = fields[below(fields.count)]
    storeExtreme(&bytes, at: start + field.offset, size: field.size)
  }

  private mutating func extreme() -> UInt64 {
    let all: [UInt64] = [
      0, 1, 2, 0x7F, 0x80, 0xFF, 0x100, 0xFFF, 0x1000, 0x7FFF, 0x8000, 0xFFFF, 0x10000,
      1 << 24 - 1, 1 << 24, 1 << 25, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE, 0xFFFF_FFFF,
      0x1_0000_0000, 1 << 62, UInt64(Int64.max), 1 << 63, .max - 1, .max,
    ]
    return all[below(all.count)]
  }

  private mutating func storeExtreme(_ bytes: inout [UInt8], at position: Int, size: Int) {
    let number = extreme()
    for index in 0..<size where position + index < bytes.count {
      bytes[position + index] = UInt8(truncatingIfNeeded: number >> (index * 8))
    }
  }

  /// Replaces a varint by one that may be longer. The rest of the chunk moves.
  private mutating func changeLongNumber(_ bytes: inout [UInt8], in page: Int) {
    guard page + 4096 <= bytes.count else { return }
    // Long records, such as an event with texts, begin with 0x80.
    let start = page + 64 + below(4000)
    let records = (start..<(page + 4080)).first { bytes[$0] == 0x80 && bytes[$0 + 1] < 20 }
    var position = min((records ?? start) + 2 + below(8), page + 4080)
    while position < page + 4080, bytes[position - 1] & 0x80 != 0 { position += 1 }
    var end = position
    while end < page + 4090, bytes[end] & 0x80 != 0 { end += 1 }
    var number = extreme()
    var encoded: [UInt8] = []
    repeat {
      let rest = number >> 7
      encoded.append(UInt8(number & 0x7F) | (rest == 0 ? 0 : 0x80))
      number = rest
    } while number != 0
    // Longer than any valid number.
    if below(8) == 0 { encoded = Array(repeating: 0xFF, count: 12) }
    let rest = bytes[(end + 1)..<(page + 4096)]
    let moved = (encoded + rest + repeatElement(0, count: 16)).prefix(page + 4096 - position)
    bytes.replaceSubrange(position..<(page + 4096), with: moved)
  }
}
