/// A whole number in hexadecimal digits, for example an address.
struct Hexadecimal: TextPart {
  private let number: UInt64

  @inline(__always)
  init(_ number: UInt64) { self.number = number }

  @inline(__always)
  var bound: Int { 16 }

  @inline(__always)
  func write(to line: inout TextCursor) {
    // The last digit is kept even if it is zero. Other leading zeros are shifted out.
    let skipped = (number | 1).leadingZeroBitCount / 4
    let moved = number << UInt64(skipped * 4)
    line.store(Self.digits(UInt32(truncatingIfNeeded: moved >> 32)))
    line.store(Self.digits(UInt32(truncatingIfNeeded: moved)), at: 8)
    line.advance(by: 16 - skipped)
  }

  /// Eight digits, the highest in the byte that is stored first.
  @inline(__always)
  private static func digits(_ number: UInt32) -> UInt64 {
    var digits = UInt64(number)
    digits = (digits | digits << 16) & 0x0000_FFFF_0000_FFFF
    digits = (digits | digits << 8) & 0x00FF_00FF_00FF_00FF
    digits = (digits | digits << 4) & 0x0F0F_0F0F_0F0F_0F0F
    let letters = ((digits &+ 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101
    return (digits &+ 0x3030_3030_3030_3030 &+ letters &* 0x27).bigEndian
  }
}
