/// Returns a value's text without the parts that differ in each run: addresses, and numbers that
/// look like the result of `id()`.
///
///     <Point object at 0x7f3a…>   becomes   <Point object at 0x_>
func comparable(_ text: [UInt8]) -> [UInt8] {
  var result: [UInt8] = []
  result.reserveCapacity(text.count)
  var place = 0
  while place < text.count {
    let byte = text[place]
    guard isDigit(byte), place == 0 || !isWordByte(text[place - 1]) else {
      result.append(byte)
      place += 1
      continue
    }
    var end = place + 1
    if byte == UInt8(ascii: "0"), end < text.count, text[end] == UInt8(ascii: "x") {
      end += 1
      while end < text.count, isHexadecimal(text[end]) { end += 1 }
      result += Array("0x_".utf8)
    } else {
      while end < text.count, isDigit(text[end]) { end += 1 }
      // The number of digits is that of a 64-bit process's addresses in decimal.
      if (14...15).contains(end - place) {
        result += Array("_".utf8)
      } else {
        result += text[place..<end]
      }
    }
    place = end
  }
  return result
}

private func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }
private func isHexadecimal(_ byte: UInt8) -> Bool {
  isDigit(byte) || (byte | 32 >= 97 && byte | 32 <= 102)
}
private func isWordByte(_ byte: UInt8) -> Bool {
  isDigit(byte) || (byte | 32 >= 97 && byte | 32 <= 122) || byte == 95 || byte == 46
}
