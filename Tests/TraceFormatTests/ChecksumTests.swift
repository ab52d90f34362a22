import Testing
import TraceFormat

@Suite struct ChecksumTests {
  /// The low 32 bits of the hashes that xxhash's own program prints.
  @Test(arguments: [
    ("", UInt32(0x51D8_E999)), ("a", 0xA98C_6E5B), ("abc", 0xAD77_0999),
    ("Nobody inspects the spammish repetition", 0x8A37_8BF1),
  ])
  func itIsXXH64(text: String, value: UInt32) {
    #expect(Checksum.of(Array(text.utf8).span) == value)
  }

  @Test func partsGiveWhatTheWholeGives() {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    for first in [0, 32, 64, 960, 992] {
      var sum = Checksum(seed: 9)
      sum.add(Array(bytes[..<first]).span)
      sum.add(Array(bytes[first...]).span)
      #expect(sum.value == Checksum.of(bytes.span, seed: 9))
    }
  }

  @Test func aChangedBitChangesIt() {
    let bytes = [UInt8](repeating: 0, count: 100)
    let whole = Checksum.of(bytes.span)
    for bit in 0..<800 {
      var bytes = bytes
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(Checksum.of(bytes.span) != whole)
    }
  }
}
