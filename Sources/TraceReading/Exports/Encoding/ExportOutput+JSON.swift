extension ExportOutput {
  /// Adds a text as a JSON string, in quotes. It must be UTF-8.
  func append(json text: [UInt8]) {
    append(byte: UInt8(ascii: "\""))
    var start = 0
    for (index, byte) in text.enumerated() where needsEscape(byte) {
      append(text, start..<index)
      append(jsonEscape(byte))
      start = index + 1
    }
    append(text, start..<text.count)
    append(byte: UInt8(ascii: "\""))
  }

  /// Adds a text as a JSON string, in quotes.
  func append(json text: String) { append(json: Array(text.utf8)) }
}

/// A text as a JSON string, in quotes. It must be UTF-8.
func jsonString(_ text: [UInt8]) -> [UInt8] {
  let quote = UInt8(ascii: "\"")
  return [quote] + text.flatMap { needsEscape($0) ? jsonEscape($0) : [$0] } + [quote]
}

@inline(__always)
private func needsEscape(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x22 || byte == 0x5C }

private func jsonEscape(_ byte: UInt8) -> [UInt8] {
  switch byte {
  case 0x22, 0x5C: [UInt8(ascii: "\\"), byte]
  case 0x08: Array("\\b".utf8)
  case 0x09: Array("\\t".utf8)
  case 0x0A: Array("\\n".utf8)
  case 0x0C: Array("\\f".utf8)
  case 0x0D: Array("\\r".utf8)
  default: Array("\\u00".utf8) + [digit(byte >> 4), digit(byte & 0xF)]
  }
}

private func digit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x57 + nibble }
