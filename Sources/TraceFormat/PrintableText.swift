/// Text from a program or a file, such as a name or a path, in the form shown to people.
///
/// A terminal interprets some characters as commands, and others change how the rest of a line
/// reads. The escapes are those of `repr()`: `\x1b`, `\n`, `\u202e`. Escaped are the characters
/// that `str.isprintable` rejects: controls, format characters (directions, zero widths),
/// separators other than the space, and code points that are unassigned in Swift's version of
/// Unicode.
public enum PrintableText {
  /// Whether every byte is a printable ASCII character, as in nearly every text.
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

  /// Returns the text as shown. Bytes that are not UTF-8 become U+FFFD.
  ///
  /// - Parameters:
  ///   - text: UTF-8 from a program or a file.
  ///   - keepsTabs: whether tabs are kept, as in source text.
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

  /// Returns the text as shown.
  public static func escaped(_ text: String) -> String {
    String(decoding: escaped(Array(text.utf8)), as: UTF8.self)
  }

  /// Returns the escape of a character.
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

  /// Returns the character at the index, and its length in bytes, if a terminal must not receive it
  /// and no machine format needs it unescaped: a control, DEL, or an invisible character, one that
  /// changes the direction, or one that separates lines. Else `nil`.
  ///
  /// In a machine format, a path keeps all other characters, so that the file is found.
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

  /// Returns text for a line of a machine format that has no escapes of its own. Nothing in it can
  /// end the line.
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

  /// Returns the JSON escape of the character at an index, and the character's length in bytes;
  /// `nil` if it is not escaped.
  ///
  /// JSON requires escapes for quotes, backslashes and controls below U+0020. A JSON parser
  /// restores the other characters from their escapes.
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

/// Names of functions, as shown to people.
public enum FunctionLabel {
  private static let module = Array("<module>".utf8)

  /// Returns the qualified name, followed by the file if it is a module's code:
  /// `<module> app/main.py`.
  public static func label(qualifiedName: [UInt8], file: [UInt8]) -> [UInt8] {
    let name = PrintableText.escaped(qualifiedName)
    guard isModule(qualifiedName), !file.isEmpty else { return name }
    return name + [0x20] + PrintableText.escaped(Array(lastParts(file)))
  }

  /// Whether a name is that of a module's code.
  public static func isModule(_ qualifiedName: [UInt8]) -> Bool { qualifiedName == module }

  /// The file's name and its folder, which distinguishes the `__init__.py` of packages.
  private static func lastParts(_ file: [UInt8]) -> ArraySlice<UInt8> {
    guard file.first != UInt8(ascii: "<") else { return file[...] }
    let slashes = file.indices.filter { file[$0] == UInt8(ascii: "/") }
    guard slashes.count > 1 else { return file[(slashes.first == 0 ? 1 : 0)...] }
    return file[(slashes[slashes.count - 2] + 1)...]
  }
}
