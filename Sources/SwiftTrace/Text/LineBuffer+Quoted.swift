extension LineBuffer {
  /// Appends the `repr()` of a str, or the part after the `b` in the `repr()` of a bytes object.
  ///
  /// - Parameters:
  ///   - text: the characters, or the bytes.
  ///   - asBytes: whether to escape everything but ASCII.
  ///   - escapesSingle: whether to escape a single quote between double ones too, as in a
  ///     bytearray.
  mutating func append(quoted text: TextReader, asBytes: Bool, escapesSingle: Bool = false) {
    let shown = min(text.count, ValueLimits.characters)
    let quote = quoteMark(for: text)
    append(byte: quote)
    for index in 0..<shown {
      if escapesSingle, quote != 0x27, text[index] == 0x27 { append("\\") }
      append(escaped: text[index], quote: quote, asBytes: asBytes)
    }
    if text.count > shown { append("...") }
    append(byte: quote)
  }

  /// Returns the quotes to use: single ones, unless the text has those and no double ones.
  private func quoteMark(for text: TextReader) -> UInt8 {
    var hasSingle = false
    for index in 0..<text.count {
      switch text[index] {
      case 0x22: return 0x27
      case 0x27: hasSingle = true
      default: break
      }
    }
    return hasSingle ? 0x22 : 0x27
  }

  private mutating func append(escaped codePoint: UInt32, quote: UInt8, asBytes: Bool) {
    switch codePoint {
    case 0x5C: append("\\\\")
    case UInt32(quote):
      append("\\")
      append(byte: quote)
    case 0x20..<0x7F: append(byte: UInt8(codePoint))
    case _ where !asBytes && isPrintable(codePoint): append(codePoint: codePoint)
    default: append(escapeOf: codePoint)
    }
  }

  /// Appends a character of a text for people, escaped as in `repr()` but for quotes and
  /// backslashes.
  mutating func append(printable codePoint: UInt32) {
    switch codePoint {
    case 0x20..<0x7F: append(byte: UInt8(codePoint))
    case _ where isPrintable(codePoint): append(codePoint: codePoint)
    default: append(escapeOf: codePoint)
    }
  }

  private mutating func append(escapeOf codePoint: UInt32) {
    switch codePoint {
    case 0x09: append("\\t")
    case 0x0A: append("\\n")
    case 0x0D: append("\\r")
    case ..<0x100:
      append("\\x")
      append(hexadecimal: codePoint, width: 2)
    case ..<0x10000:
      append("\\u")
      append(hexadecimal: codePoint, width: 4)
    default:
      append("\\U")
      append(hexadecimal: codePoint, width: 8)
    }
  }
}
