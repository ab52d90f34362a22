/// Integers in decimal digits, eight at a time.
extension ExportOutput {
  /// Appends an integer.
  @inline(__always)
  func append(decimal number: some FixedWidthInteger) {
    if number < 0 { append(byte: UInt8(ascii: "-")) }
    append(digitsOf: UInt64(number.magnitude))
  }

  /// Appends the last digits of a number below 10^8, with leading zeros.
  ///
  /// - Parameter width: number of digits; at most eight.
  @inline(__always)
  func append(digitsOf number: UInt64, width: Int) {
    append(word: eightDigits(of: number) >> UInt64(8 * (8 - width)) | zeros, bytes: width)
  }

  @inline(__always)
  private func append(digitsOf number: UInt64) {
    guard number < 100_000_000 else { return append(longNumber: number) }
    let digits = eightDigits(of: number)
    // The last digit is written even if it is zero.
    let leading = min(digits.trailingZeroBitCount / 8, 7)
    append(word: digits >> UInt64(8 * leading) | zeros, bytes: 8 - leading)
  }

  @inline(never)
  private func append(longNumber number: UInt64) {
    let (first, rest) = number.quotientAndRemainder(dividingBy: 100_000_000)
    append(digitsOf: first)
    append(word: eightDigits(of: rest) | zeros, bytes: 8)
  }
}

/// Returns the digits of a number below 10^8, each in a byte, the first in the lowest byte.
///
/// Divides both halves at once, then all pairs, then all digits, each by a multiplication that is
/// exact for numbers of this size.
@inline(__always)
private func eightDigits(of number: UInt64) -> UInt64 {
  let halves = number / 10_000 | (number % 10_000) << 32
  let hundreds = ((halves &* 10_486) >> 20) & 0x7F_0000_007F
  let pairs = hundreds | (halves &- hundreds &* 100) << 16
  let tens = ((pairs &* 103) >> 10) & 0x000F_000F_000F_000F
  return tens | (pairs &- tens &* 10) << 8
}

/// The character `0` in each byte.
private let zeros: UInt64 = 0x3030_3030_3030_3030
