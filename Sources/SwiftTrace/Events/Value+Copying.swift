import CTraceHook

extension Value {
  /// The characters of an element of a tuple or list; nil unless it is a str.
  package func stringElement(_ index: Int) -> String? {
    switch item(index) {
    case .some(let value) where value.kind == .string: value.string
    default: nil
    }
  }

  /// Of a bytes or bytearray: a copy of its bytes.
  package func copyBytes() -> [UInt8] {
    let bytes = self.bytes
    return (0..<bytes.count).map { UInt8(truncatingIfNeeded: bytes[$0]) }
  }

  /// Of an int that `int64` cannot give: its decimal digits, or nil where the interpreter refuses
  /// to convert one so large.
  package func copyDigits() -> String? {
    var digits = ""
    return withBigIntDigits { digits = $0.string } ? digits : nil
  }
}
