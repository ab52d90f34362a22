/// Detects the encoding of a Python source and decodes it, by PEP 263, like
/// `tokenize.detect_encoding`.
enum SourceEncoding {
  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Returns the source in UTF-8, or nil if it is not in the encoding that it declares.
  static func text(of bytes: [UInt8], _ decode: SourceText.Decoder?) -> [UInt8]? {
    let hasMark = bytes.starts(with: mark)
    let content = hasMark ? Array(bytes.dropFirst(mark.count)) : bytes
    let encoding = normalized(name(in: content) ?? "utf-8")
    // The byte order mark is that of UTF-8; any other declared encoding is an error.
    if hasMark, encoding != "utf-8" { return nil }
    switch encoding {
    case "utf-8", "utf8":
      return String(validating: content, as: UTF8.self) == nil ? nil : content
    case "ascii", "us-ascii": return content.contains { $0 >= 0x80 } ? nil : content
    case "iso-8859-1", "latin1", "l1", "iso8859-1":
      return content.flatMap { $0 < 0x80 ? [$0] : [0xC0 | $0 >> 6, 0x80 | $0 & 0x3F] }
    default: return decode?(content, encoding)
    }
  }

  /// Returns an encoding's name in the form to which `tokenize` normalizes it.
  private static func normalized(_ name: String) -> String {
    let short = name.prefix(12).lowercased().map { $0 == "_" ? "-" : $0 }
    let lower = String(short)
    if lower == "utf-8" || lower.hasPrefix("utf-8-") { return "utf-8" }
    for latin in ["latin-1", "iso-8859-1", "iso-latin-1"]
    where lower == latin || lower.hasPrefix(latin + "-") {
      return "iso-8859-1"
    }
    return name.count <= 12 ? lower : name
  }

  /// Returns the name in the encoding line: one of the first two lines, and the second only if the
  /// first is a comment or empty.
  private static func name(in bytes: [UInt8]) -> String? {
    var rest = bytes[...]
    for _ in 0..<2 {
      let end = rest.firstIndex { $0 == 0x0A || $0 == 0x0D } ?? rest.endIndex
      let line = rest[..<end]
      // Skip white space; after it, there must be a comment or nothing.
      let start = line.firstIndex { $0 != 0x20 && $0 != 0x09 && $0 != 0x0C } ?? line.endIndex
      if start < line.endIndex, line[start] != UInt8(ascii: "#") { return nil }
      if start < line.endIndex, let name = name(inComment: line[start...]) { return name }
      rest = rest[end...].dropFirst()
      if end < bytes.endIndex, bytes[end] == 0x0D, rest.first == 0x0A { rest = rest.dropFirst() }
    }
    return nil
  }

  /// Returns the first match of `coding[:=][ \t]*([-\w.]+)`, or nil if there is none.
  private static func name(inComment line: ArraySlice<UInt8>) -> String? {
    let word = Array("coding".utf8)
    var place = line.startIndex
    while place + word.count < line.endIndex {
      defer { place += 1 }
      var next = place + word.count
      guard line[place..<next].elementsEqual(word),
        line[next] == UInt8(ascii: ":") || line[next] == UInt8(ascii: "=")
      else { continue }
      next += 1
      while next < line.endIndex, line[next] == 0x20 || line[next] == 0x09 { next += 1 }
      let name = line[next...].prefix { byte in
        byte == 0x2D || byte == 0x2E || byte == 0x5F || (0x30...0x39).contains(byte)
          || (0x61...0x7A).contains(byte | 0x20)
      }
      if !name.isEmpty { return String(decoding: name, as: UTF8.self) }
    }
    return nil
  }
}
