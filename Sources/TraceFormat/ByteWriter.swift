/// Bytes of a header or a definition under construction. Numbers are little-endian.
public struct ByteWriter {
  /// What was written.
  public private(set) var bytes: [UInt8] = []

  /// Nothing is written yet.
  public init() {}

  /// Adds a number in as many bytes as its type has.
  public mutating func append<Number: FixedWidthInteger>(_ number: Number) {
    var rest = number
    for _ in 0..<(Number.bitWidth / 8) {
      bytes.append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  /// Adds a text with its length in front, in bytes.
  public mutating func append(text: some Collection<UInt8>) {
    append(UInt32(text.count))
    bytes.append(contentsOf: text)
  }

  /// Adds a text as UTF-8, with its length in front, in bytes.
  public mutating func append(text: String) { append(text: Array(text.utf8)) }

  /// Adds zeros up to a length.
  public mutating func pad(to count: Int) {
    bytes.append(contentsOf: repeatElement(0, count: max(0, count - bytes.count)))
  }
}
