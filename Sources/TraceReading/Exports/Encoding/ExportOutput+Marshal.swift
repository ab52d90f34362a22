/// The part of Python's `marshal` format that `pstats` needs, in version 2: every Python reads it,
/// and it has no references.
extension ExportOutput {
  /// Appends an int.
  func append(marshal number: UInt64) {
    if number <= UInt64(Int32.max) {
      append(byte: UInt8(ascii: "i"))
      append(littleEndian: UInt32(number), bytes: 4)
      return
    }
    // The number of digits, and digits of 15 bits.
    append(byte: UInt8(ascii: "l"))
    var digits: [UInt16] = []
    var rest = number
    while rest > 0 {
      digits.append(UInt16(truncatingIfNeeded: rest & 0x7FFF))
      rest >>= 15
    }
    append(littleEndian: UInt32(digits.count), bytes: 4)
    for digit in digits { append(littleEndian: UInt32(digit), bytes: 2) }
  }

  /// Appends a float.
  func append(marshal number: Double) {
    append(byte: UInt8(ascii: "g"))
    let bits = number.bitPattern
    append(littleEndian: UInt32(truncatingIfNeeded: bits), bytes: 4)
    append(littleEndian: UInt32(truncatingIfNeeded: bits >> 32), bytes: 4)
  }

  /// Appends a str, given in UTF-8.
  func append(marshal text: [UInt8]) {
    append(byte: UInt8(ascii: "u"))
    append(littleEndian: UInt32(truncatingIfNeeded: text.count), bytes: 4)
    append(text)
  }

  /// Begins a tuple with `count` items, which follow.
  func append(marshalTuple count: UInt32) {
    append(byte: UInt8(ascii: "("))
    append(littleEndian: count, bytes: 4)
  }

  /// Begins a dict. Its keys and values follow alternately.
  func beginMarshalDict() { append(byte: UInt8(ascii: "{")) }

  /// Ends a dict.
  func endMarshalDict() { append(byte: UInt8(ascii: "0")) }

  private func append(littleEndian number: UInt32, bytes: UInt32) {
    for place in 0..<bytes { append(byte: UInt8(truncatingIfNeeded: number >> (8 * place))) }
  }
}
