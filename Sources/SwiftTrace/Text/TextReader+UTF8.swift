extension TextReader {
  /// Whether the text is equal to a string of ASCII characters.
  func isEqual(to other: String) -> Bool {
    count == other.utf8.count && zip(0..<count, other.utf8).allSatisfy { self[$0] == UInt32($1) }
  }

  /// Appends the text as UTF-8. A lone surrogate is escaped like with `backslashreplace`.
  func appendUTF8(to bytes: inout [UInt8]) {
    for index in 0..<count {
      let codePoint = self[index]
      if let scalar = Unicode.Scalar(codePoint) {
        bytes.append(contentsOf: String(scalar).utf8)
      } else {
        bytes.append(contentsOf: "\\u\(String(codePoint, radix: 16))".utf8)
      }
    }
  }

  /// The text as a `String`.
  var string: String {
    var bytes: [UInt8] = []
    appendUTF8(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
