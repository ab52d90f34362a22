import TraceFormat

extension LineBuffer {
  /// Begins a JSON string, and returns its start. Bytes appended before `closeJSONString(from:)`
  /// are its content.
  mutating func openJSONString() -> Int {
    append("\"")
    return count
  }

  /// Ends a JSON string that began at `start`.
  mutating func closeJSONString(from start: Int) {
    escapeJSON(from: start)
    append("\"")
  }

  /// Escapes the bytes from `start` on as the content of a JSON string.
  ///
  /// Nearly all texts need no escape, and are scanned once.
  private mutating func escapeJSON(from start: Int) {
    var extra = 0
    var all: UInt8 = 0
    for index in start..<count {
      extra += Self.jsonLength(of: self[index]) - 1
      all |= self[index]
    }
    if all >= 0x80, hasLongEscape(from: start) { return rewriteAsJSON(from: start) }
    if extra == 0 { return }
    var source = count - 1
    var target = count + extra - 1
    extend(by: extra)
    // From the end, so that no byte is overwritten before it is read.
    while source >= start {
      let byte = self[source]
      source -= 1
      switch Self.jsonLength(of: byte) {
      case 1: self[target] = byte
      case 2:
        self[target] = Self.jsonShort(byte)
        self[target - 1] = UInt8(ascii: "\\")
        target -= 1
      default:
        self[target] = Self.digit(byte & 0xF)
        self[target - 1] = Self.digit(byte >> 4)
        self[target - 2] = UInt8(ascii: "0")
        self[target - 3] = UInt8(ascii: "0")
        self[target - 4] = UInt8(ascii: "u")
        self[target - 5] = UInt8(ascii: "\\")
        target -= 5
      }
      target -= 1
    }
  }

  /// Whether a character beyond ASCII needs an escape, which is rare.
  private func hasLongEscape(from start: Int) -> Bool {
    withBytes { text in
      for index in start..<text.count where text[index] >= 0x80 {
        if PrintableText.jsonEscape(text, at: index) != nil { return true }
      }
      return false
    }
  }

  @inline(never)
  private mutating func rewriteAsJSON(from start: Int) {
    let text = withBytes { Array(copying: $0.extracting(start..<$0.count)) }
    truncate(to: start)
    var index = 0
    while index < text.count {
      if let escape = PrintableText.jsonEscape(text.span, at: index) {
        append(escape.text.span)
        index += escape.count
      } else {
        append(byte: text[index])
        index += 1
      }
    }
  }

  private static func jsonLength(of byte: UInt8) -> Int {
    switch byte {
    case 0x22, 0x5C, 0x08, 0x09, 0x0A, 0x0C, 0x0D: 2
    case 0..<0x20, 0x7F: 6
    default: 1
    }
  }

  /// The letter after the backslash of a short escape.
  private static func jsonShort(_ byte: UInt8) -> UInt8 {
    switch byte {
    case 0x08: UInt8(ascii: "b")
    case 0x09: UInt8(ascii: "t")
    case 0x0A: UInt8(ascii: "n")
    case 0x0C: UInt8(ascii: "f")
    case 0x0D: UInt8(ascii: "r")
    default: byte
    }
  }

  private static func digit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? 0x30 + nibble : 0x57 + nibble
  }
}
