import CTraceHook

extension Value {
  /// The characters of an element of a tuple or list; nil unless the element is a str.
  package func stringElement(_ index: Int) -> String? {
    switch item(index) {
    case .some(let value) where value.kind == .string: value.string
    default: nil
    }
  }

  /// A copy of the bytes of a bytes or bytearray.
  package func copyBytes() -> [UInt8] {
    let bytes = self.bytes
    return (0..<bytes.count).map { UInt8(truncatingIfNeeded: bytes[$0]) }
  }

  /// The decimal digits of an int that does not fit in `int64`; nil if the interpreter refuses to
  /// convert one so large.
  package func copyDigits() -> String? {
    var digits = ""
    return withBigIntDigits { digits = $0.string } ? digits : nil
  }
}
