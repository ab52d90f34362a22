import Testing
import TraceFormat

@Suite struct PrintableTextTests {
  @Test(arguments: [
    ("plain 'text' \\ é 漢 😀", "plain 'text' \\ é 漢 😀"),
    ("\u{1B}[31m\u{07}", "\\x1b[31m\\x07"), ("a\n\r\tb", "a\\n\\r\\tb"),
    ("\u{7F}\u{9B}\u{A0}", "\\x7f\\x9b\\xa0"),
    ("\u{202E}\u{2066}\u{2028}\u{200B}\u{FEFF}", "\\u202e\\u2066\\u2028\\u200b\\ufeff"),
    ("\u{E0041}", "\\U000e0041"), ("", ""),
  ])
  func escapesAreThoseOfRepr(text: String, shown: String) {
    #expect(PrintableText.escaped(text) == shown)
  }

  @Test func tabsOfSourceStay() {
    let shown = PrintableText.escaped(Array("\ta\u{0C}\tb\u{1B}".utf8), keepsTabs: true)
    #expect(String(decoding: shown, as: UTF8.self) == "\ta\\x0c\tb\\x1b")
  }

  @Test(arguments: [
    ("/x/app/main.py", "<module> app/main.py"), ("main.py", "<module> main.py"),
    ("/main.py", "<module> main.py"), ("<string>", "<module> <string>"), ("", "<module>"),
    ("/x/\u{1B}/\n.py", "<module> \\x1b/\\n.py"),
  ])
  func aModuleIsNamedByItsFile(file: String, label: String) {
    let result = FunctionLabel.label(qualifiedName: Array("<module>".utf8), file: Array(file.utf8))
    #expect(String(decoding: result, as: UTF8.self) == label)
  }

  /// For arbitrary bytes, the result has no C0 or C1 control, no DEL, and no bidirectional control.
  @Test func noBytesOfAFileGetThrough() {
    var random = SplitMix(state: 14)
    let pieces: [[UInt8]] = [
      [0x1B], [0x9B], [0xC2, 0x9B], [0xC2], [0xE2, 0x80, 0xAE], [0xE2, 0x80], [0xEF, 0xBB, 0xBF],
      [0x0A],
      [0x7F], [0xF0, 0x9F, 0x98, 0x80], [0xED, 0xA0, 0x80], Array("name".utf8), [0x00],
      [0xD8, 0x9C],
    ]
    for _ in 0..<20_000 {
      var text: [UInt8] = []
      for _ in 0..<Int(random.next() % 12) {
        text += pieces[Int(random.next() % UInt64(pieces.count))]
      }
      if !text.isEmpty, random.next() % 4 == 0 {
        text[Int(random.next() % UInt64(text.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      let shown = String(decoding: PrintableText.escaped(text), as: UTF8.self)
      for scalar in shown.unicodeScalars {
        let isControl = scalar.value < 0x20 || 0x7F..<0xA0 ~= scalar.value
        let turns = 0x200B...0x200F ~= scalar.value || 0x2028...0x202E ~= scalar.value
        #expect(!isControl && !turns && !(0x2066...0x2069 ~= scalar.value) && scalar != "\u{61C}")
      }
      #expect(PrintableText.escaped(shown) == shown)
      #expect(PrintableText.isPlain(text.span) == text.allSatisfy { 0x20..<0x7F ~= $0 })
    }
  }
}

private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
