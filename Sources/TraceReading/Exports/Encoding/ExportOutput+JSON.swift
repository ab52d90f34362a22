import TraceFormat

extension ExportOutput {
  /// Appends a UTF-8 text as a JSON string, with quotes.
  func append(json text: [UInt8]) {
    append(byte: UInt8(ascii: "\""))
    var start = 0
    forEachJSONEscape(text) { place, escape in
      append(text, start..<place.lowerBound)
      append(escape)
      start = place.upperBound
    }
    append(text, start..<text.count)
    append(byte: UInt8(ascii: "\""))
  }

  /// Appends a text as a JSON string, with quotes.
  func append(json text: String) { append(json: Array(text.utf8)) }
}

/// Returns a UTF-8 text as a JSON string, with quotes.
func jsonString(_ text: [UInt8]) -> [UInt8] {
  var result = [UInt8(ascii: "\"")]
  var start = 0
  forEachJSONEscape(text) { place, escape in
    result += text[start..<place.lowerBound] + escape
    start = place.upperBound
  }
  return result + text[start...] + [UInt8(ascii: "\"")]
}

/// Calls `body` with each range of a text that JSON escapes, and its escape from
/// `PrintableText.jsonEscape`.
@inline(__always)
private func forEachJSONEscape(_ text: [UInt8], _ body: (Range<Int>, [UInt8]) -> Void) {
  var index = 0
  while index < text.count {
    let byte = text[index]
    // Only these bytes can begin an escaped character. The test skips nearly all others quickly.
    if byte < 0x20 || byte == 0x22 || byte == 0x5C || byte >= 0x7F,
      let escape = PrintableText.jsonEscape(text.span, at: index)
    {
      body(index..<index + escape.count, escape.text)
      index += escape.count
    } else {
      index += 1
    }
  }
}
