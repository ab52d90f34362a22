/// A whole number in decimal digits.
struct Decimal: TextPart {
  private let number: Int64

  @inline(__always)
  init(_ number: Int64) { self.number = number }

  @inline(__always)
  init(_ number: Int32) { self.number = Int64(number) }

  @inline(__always)
  var bound: Int { 20 }

  @inline(__always)
  func write(to line: inout TextCursor) {
    guard UInt64(bitPattern: number) < 10_000 else { return writeLong(to: &line) }
    // Fast path for line numbers and most others: four digits in the bytes of a word, the first in
    // the lowest.
    let number = UInt32(truncatingIfNeeded: number)
    let hundreds = (number &* 5243) >> 19
    let pairs = hundreds | (number &- hundreds &* 100) << 16
    let tens = ((pairs &* 103) >> 10) & 0x000F_000F
    let digits = tens | (pairs &- tens &* 10) << 8
    // The last digit is kept even if it is zero.
    let skipped = (digits | 0x0100_0000).trailingZeroBitCount & ~7
    let text = (digits | 0x3030_3030) >> UInt32(truncatingIfNeeded: skipped)
    line.store(text.littleEndian)
    line.advance(by: 4 &- skipped >> 3)
  }

  @inline(never)
  private func writeLong(to line: inout TextCursor) {
    if number < 0 {
      line.store(UInt8(ascii: "-"))
      line.advance(by: 1)
    }
    var length = 0
    var rest = number.magnitude
    repeat {
      length += 1
      rest /= 10
    } while rest != 0
    rest = number.magnitude
    for index in stride(from: length - 1, through: 0, by: -1) {
      line.store(0x30 &+ UInt8(truncatingIfNeeded: rest % 10), at: index)
      rest /= 10
    }
    line.advance(by: length)
  }
}
