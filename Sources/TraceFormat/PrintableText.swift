/// Text of a program or a file, such as a name or a path, in the form that is shown to people.
///
/// A terminal takes some characters for commands, and some change how the rest of a line reads.
/// Whatever `repr()` would escape is escaped in the same way: `\x1b`, `\n`, `\u202e`. These are the
/// characters that `str.isprintable` rejects: controls, format characters (directions, zero
/// widths), separators other than the space, and what no version of Unicode that Swift knows has
/// assigned.
public enum PrintableText {
  /// Whether every byte is a printable character of ASCII, as in nearly every text.
  @inlinable
  public static func isPlain(_ text: Span<UInt8>) -> Bool {
    var others: UInt8 = 0
    for index in 0..<text.count { others |= text[index] &- 0x20 < 0x5F ? 0 : 1 }
    return others == 0
  }

  /// Whether a character is shown as an escape.
  @inlinable
  public static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x7F { return scalar.value < 0x20 }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator, .spaceSeparator:
      return true
    default: return false
    }
  }

  /// The text as it is shown. Bytes that are not UTF-8 become U+FFFD.
  ///
  /// - Parameters:
  ///   - text: UTF-8 from a program or a file.
  ///   - keepsTabs: whether tabs stay, as in source text.
  public static func escaped(_ text: [UInt8], keepsTabs: Bool = false) -> [UInt8] {
    if isPlain(text.span) { return text }
    var shown: [UInt8] = []
    shown.reserveCapacity(text.count + 16)
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      if needsEscape(scalar), !(keepsTabs && scalar == "\t") {
        shown += escape(scalar.value)
      } else {
        shown.append(contentsOf: UTF8.encode(scalar)!)
      }
    }
    return shown
  }

  /// The text as it is shown.
  public static func escaped(_ text: String) -> String {
    String(decoding: escaped(Array(text.utf8)), as: UTF8.self)
  }

  /// The escape that is shown in place of a character.
  @inlinable
  public static func escape(_ value: UInt32) -> [UInt8] {
    switch value {
    case 0x09: return Array("\\t".utf8)
    case 0x0A: return Array("\\n".utf8)
    case 0x0D: return Array("\\r".utf8)
    default:
      let digits = String(value, radix: 16)
      let (letter, width) = value < 0x100 ? ("x", 2) : value < 0x10000 ? ("u", 4) : ("U", 8)
      let zeros = String(repeating: "0", count: width - digits.utf8.count)
      return Array("\\\(letter)\(zeros)\(digits)".utf8)
    }
  }

  /// A character that no machine format needs as it is and that a terminal must not get: a control,
  /// DEL, or what changes the direction, separates lines or cannot be seen. `nil` if none begins at
  /// the index.
  ///
  /// A path in a machine format keeps all else, so that the file is found.
  @inlinable
  public static func control(in text: Span<UInt8>, at index: Int) -> (value: UInt32, count: Int)? {
    let byte = text[index]
    switch byte {
    case 0..<0x20, 0x7F: return (UInt32(byte), 1)
    case 0xC2 where index + 1 < text.count:
      let value = UInt32(text[index + 1])
      return 0x80..<0xA0 ~= value || value == 0xAD ? (value, 2) : nil
    case 0xD8 where index + 1 < text.count && text[index + 1] == 0x9C: return (0x61C, 2)
    case 0xE2 where index + 2 < text.count && text[index + 1] & 0xFE == 0x80:
      let value = 0x2000 + UInt32(text[index + 1] & 1) << 6 + UInt32(text[index + 2] & 0x3F)
      switch value {
      case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F: return (value, 3)
      default: return nil
      }
    case 0xEF where index + 2 < text.count && text[index + 1] == 0xBB && text[index + 2] == 0xBF:
      return (0xFEFF, 3)
    default: return nil
    }
  }

  /// A text in a line of a machine format that has no escapes of its own: nothing ends the line.
  public static func withoutControls(_ text: [UInt8]) -> [UInt8] {
    if isPlain(text.span) { return text }
    var result: [UInt8] = []
    var index = 0
    while index < text.count {
      if let control = control(in: text.span, at: index) {
        result += escape(control.value)
        index += control.count
      } else {
        result.append(text[index])
        index += 1
      }
    }
    return result
  }

  /// The JSON escape of the character at an index, and its length in bytes in the text; `nil` if it
  /// is not escaped.
  ///
  /// JSON asks for those of quotes, backslashes and controls below U+0020. The others say the same
  /// to a reader of JSON.
  @inlinable
  public static func jsonEscape(_ text: Span<UInt8>, at index: Int) -> (text: [UInt8], count: Int)?
  {
    let byte = text[index]
    switch byte {
    case 0x22, 0x5C: return ([UInt8(ascii: "\\"), byte], 1)
    case 0x08: return (Array("\\b".utf8), 1)
    case 0x09: return (Array("\\t".utf8), 1)
    case 0x0A: return (Array("\\n".utf8), 1)
    case 0x0C: return (Array("\\f".utf8), 1)
    case 0x0D: return (Array("\\r".utf8), 1)
    default:
      guard let control = control(in: text, at: index) else { return nil }
      let digits = String(control.value, radix: 16)
      let zeros = String(repeating: "0", count: 4 - digits.utf8.count)
      return (Array("\\u\(zeros)\(digits)".utf8), control.count)
    }
  }
}

/// The names of functions that people read.
public enum FunctionLabel {
  private static let module = Array("<module>".utf8)

  /// The qualified name; of a module's own code, which has none, with its file:
  /// `<module> app/main.py`.
  public static func label(qualifiedName: [UInt8], file: [UInt8]) -> [UInt8] {
    let name = PrintableText.escaped(qualifiedName)
    guard isModule(qualifiedName), !file.isEmpty else { return name }
    return name + [0x20] + PrintableText.escaped(Array(lastParts(file)))
  }

  /// Whether it is the name of a module's own code.
  public static func isModule(_ qualifiedName: [UInt8]) -> Bool { qualifiedName == module }

  /// The file and its folder, which tells packages' `__init__.py` apart.
  private static func lastParts(_ file: [UInt8]) -> ArraySlice<UInt8> {
    guard file.first != UInt8(ascii: "<") else { return file[...] }
    let slashes = file.indices.filter { file[$0] == UInt8(ascii: "/") }
    guard slashes.count > 1 else { return file[(slashes.first == 0 ? 1 : 0)...] }
    return file[(slashes[slashes.count - 2] + 1)...]
  }
}
