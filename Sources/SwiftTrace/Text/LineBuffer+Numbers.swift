extension LineBuffer {
  /// Appends a string. Slower than the others; not for the path of an event.
  public mutating func append(string: String) { append(string.utf8Span.span) }

  /// Appends a whole number in decimal digits.
  public mutating func append(decimal number: some BinaryInteger) {
    guard let number = Int64(exactly: number) else { return append(string: String(number)) }
    append("", Decimal(number), "")
  }

  /// Appends `0x` and a number in hexadecimal digits, as `%p` prints an address.
  public mutating func append(address number: UInt) {
    append("0x", Hexadecimal(UInt64(number)), "")
  }

  /// Appends a number in hexadecimal digits, padded with zeros to a width, as in escapes.
  mutating func append(hexadecimal number: UInt32, width: Int) {
    for place in stride(from: width - 1, through: 0, by: -1) {
      let digit = UInt8((number >> (UInt32(place) * 4)) & 0xF)
      append(byte: digit < 10 ? 0x30 + digit : 0x57 + digit)
    }
  }

  /// Appends a code point as UTF-8. A lone surrogate is escaped like with `backslashreplace`.
  mutating func append(codePoint: UInt32) {
    if codePoint < 0x80 { return append(byte: UInt8(codePoint)) }
    guard let scalar = Unicode.Scalar(codePoint), let bytes = UTF8.encode(scalar) else {
      append("\\u")
      return append(hexadecimal: codePoint, width: 4)
    }
    for byte in bytes { append(byte: byte) }
  }

  /// Appends a text several times.
  public mutating func append(_ text: StaticString, times: Int) {
    for _ in 0..<times { append(text) }
  }
}
