/// Bytes of a header or a definition under construction. Numbers are little-endian.
public struct ByteWriter {
  /// The bytes written so far.
  public private(set) var bytes: [UInt8] = []

  /// Creates an empty writer.
  public init() {}

  /// Appends a number, in as many bytes as its type has.
  public mutating func append<Number: FixedWidthInteger>(_ number: Number) {
    var rest = number
    for _ in 0..<(Number.bitWidth / 8) {
      bytes.append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  /// Appends a string: its length in bytes, then the bytes.
  public mutating func append(text: some Collection<UInt8>) {
    append(UInt32(text.count))
    bytes.append(contentsOf: text)
  }

  /// Appends a string as UTF-8: its length in bytes, then the bytes.
  public mutating func append(text: String) { append(text: Array(text.utf8)) }

  /// Appends zeros up to a length of `count` bytes.
  public mutating func pad(to count: Int) {
    bytes.append(contentsOf: repeatElement(0, count: max(0, count - bytes.count)))
  }
}
