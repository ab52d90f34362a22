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
  @unsafe func write(to place: inout UnsafeMutablePointer<UInt8>) {
    guard UInt64(bitPattern: number) < 10_000 else { return unsafe writeLong(to: &place) }
    // Four digits in the bytes of a word, the first in the lowest: line numbers and most other numbers.
    let number = UInt32(truncatingIfNeeded: number)
    let hundreds = (number &* 5243) >> 19
    let pairs = hundreds | (number &- hundreds &* 100) << 16
    let tens = ((pairs &* 103) >> 10) & 0x000F_000F
    let digits = tens | (pairs &- tens &* 10) << 8
    // Of zeros in front the last digit is none.
    let skipped = (digits | 0x0100_0000).trailingZeroBitCount & ~7
    let text = (digits | 0x3030_3030) >> UInt32(truncatingIfNeeded: skipped)
    unsafe UnsafeMutableRawPointer(place).storeBytes(of: text.littleEndian, as: UInt32.self)
    unsafe place += 4 &- skipped >> 3
  }

  @inline(never)
  private func writeLong(to place: inout UnsafeMutablePointer<UInt8>) {
    if number < 0 {
      unsafe place.pointee = 0x2D
      unsafe place += 1
    }
    var length = 0
    var rest = number.magnitude
    repeat {
      length += 1
      rest /= 10
    } while rest != 0
    rest = number.magnitude
    for index in stride(from: length - 1, through: 0, by: -1) {
      unsafe place[index] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    unsafe place += length
  }
}
