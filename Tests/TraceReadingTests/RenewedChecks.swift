import TraceFormat

/// Recomputes the checksums of a changed recording, so that a reader decodes its content.
///
/// Parts that are too damaged for a checksum stay as they are.
func renewChecks(of bytes: inout [UInt8]) {
  renewHeader(&bytes)
  for page in stride(from: 4096, to: bytes.count - ChunkHeader.size + 1, by: 4096)
  where bytes[page..<(page + 4)].elementsEqual([0x43, 0x48, 0x4E, 0x4B]) {
    renewChunk(&bytes, at: page)
  }
}

private func renewHeader(_ bytes: inout [UInt8]) {
  guard bytes.count >= 128, let size = bytes.int(at: 16), (128...bytes.count).contains(size)
  else { return }
  bytes[15] = ~bytes[12]
  let check = bytes.check(of: 0..<size, without: [12..<13, 15..<16, 20..<24, 88..<112])
  bytes.store(check, at: 20)
}

private func renewChunk(_ bytes: inout [UInt8], at page: Int) {
  guard let length = bytes.int(at: page + 8), let used = bytes.int(at: page + 52),
    let events = bytes.int(at: page + 56)
  else { return }
  let end = page + min(length, bytes.count - page)
  switch bytes[page + 4] {
  case 1: renewDefinitions(&bytes, in: (page + ChunkHeader.size)..<max(end, page + 64))
  case 2: renewCells(&bytes, in: (page + ChunkHeader.size)..<max(end, page + 64))
  default: break
  }
  if used >= ChunkHeader.size, used <= bytes.count - page {
    let seed = ChunkHeader.seed(events: UInt32(events), used: UInt32(used))
    let content = Array(bytes[(page + ChunkHeader.size)..<(page + used)])
    bytes.store(Checksum.of(content.span, seed: seed), at: page + 48)
  }
  let header = page..<(page + ChunkHeader.size)
  bytes.store(bytes.check(of: header, without: [12..<16, 48..<60]), at: page + 12)
}

private func renewDefinitions(_ bytes: inout [UInt8], in range: Range<Int>) {
  var position = range.lowerBound
  while let word = bytes.int(at: position), word != 0 {
    let end = position + 4 + word & 0xFF_FFFF
    guard end + 4 <= range.upperBound else { return }
    let content = Array(bytes[(position + 4)..<end])
    bytes.store(Checksum.of(content.span, seed: UInt64(word)), at: end)
    position = end + 4
  }
}

private func renewCells(_ bytes: inout [UInt8], in range: Range<Int>) {
  let size = ThreadCell.size
  guard range.count >= size else { return }
  for cell in stride(from: range.lowerBound, through: range.upperBound - size, by: size)
  where bytes[cell] == 1 {
    let check = bytes.check(of: cell..<(cell + size), without: [1..<2, 32..<64, 112..<128])
    bytes.store(check, at: cell + 120)
  }
}

extension [UInt8] {
  /// The u32 at a position; `nil` if the file ends before.
  fileprivate func int(at position: Int) -> Int? {
    guard position + 4 <= count else { return nil }
    return (0..<4).reduce(0) { $0 | Int(self[position + $1]) << ($1 * 8) }
  }

  fileprivate mutating func store(_ number: UInt32, at position: Int) {
    for index in 0..<4 { self[position + index] = UInt8(truncatingIfNeeded: number >> (index * 8)) }
  }

  /// The checksum of a range, with the bytes in `holes` taken as zero.
  fileprivate func check(of range: Range<Int>, without holes: [Range<Int>]) -> UInt32 {
    var part = Array(self[range])
    for hole in holes { for index in hole { part[index] = 0 } }
    return Checksum.of(part.span)
  }
}
