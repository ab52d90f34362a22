extension ExportOutput {
  /// Adds a text as a JSON string, in quotes.
  func append(json text: [UInt8]) { append(jsonString(text)) }

  /// Adds a text as a JSON string, in quotes.
  func append(json text: String) { append(jsonString(Array(text.utf8))) }
}

/// A text as a JSON string, in quotes. It must be UTF-8.
func jsonString(_ text: [UInt8]) -> [UInt8] {
  var result: [UInt8] = []
  result.reserveCapacity(text.count + 2)
  result.append(UInt8(ascii: "\""))
  for byte in text {
    switch byte {
    case 0x22, 0x5C: result += [UInt8(ascii: "\\"), byte]
    case 0x08: result += Array("\\b".utf8)
    case 0x09: result += Array("\\t".utf8)
    case 0x0A: result += Array("\\n".utf8)
    case 0x0C: result += Array("\\f".utf8)
    case 0x0D: result += Array("\\r".utf8)
    case 0..<0x20: result += Array("\\u00".utf8) + [digit(byte >> 4), digit(byte & 0xF)]
    default: result.append(byte)
    }
  }
  result.append(UInt8(ascii: "\""))
  return result
}

private func digit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x57 + nibble }
