extension LineBuffer {
  /// Appends the `str()` of a value whose `repr()` is known. For a str, these are the characters
  /// between the quotes, of which unprintable ones stay escaped; for any other value, the text is
  /// unchanged.
  mutating func append(unquoting text: Span<UInt8>) {
    guard let quote = text.count >= 2 ? text[0] : nil,
      quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""), text[text.count - 1] == quote
    else { return append(text) }
    var place = 1
    while place < text.count - 1 {
      let byte = text[place]
      place += 1
      guard byte == UInt8(ascii: "\\"), place < text.count - 1 else {
        append(byte: byte)
        continue
      }
      let letter = text[place]
      place += 1
      switch letter {
      case UInt8(ascii: "n"): append("\\n")
      case UInt8(ascii: "r"): append("\\r")
      case UInt8(ascii: "t"): append("\\t")
      case UInt8(ascii: "x"): append(printable: Self.hexadecimal(text, &place, digits: 2))
      case UInt8(ascii: "u"): append(printable: Self.hexadecimal(text, &place, digits: 4))
      case UInt8(ascii: "U"): append(printable: Self.hexadecimal(text, &place, digits: 8))
      default: append(byte: letter)
      }
    }
  }

  private static func hexadecimal(_ text: Span<UInt8>, _ place: inout Int, digits: Int) -> UInt32 {
    var result: UInt32 = 0
    for _ in 0..<digits where place < text.count - 1 {
      let byte = text[place]
      place += 1
      let digit = byte < 0x3A ? byte &- 0x30 : (byte | 0x20) &- 0x57
      result = result &* 16 &+ UInt32(digit & 0xF)
    }
    return result
  }
}
