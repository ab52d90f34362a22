/// Reads the output of `ByteWriter`. Every read is bounded: a file may be truncated or hostile.
public struct ByteReader: ~Escapable {
  private let bytes: Span<UInt8>
  /// Offset of the next read, in bytes.
  public private(set) var position: Int

  /// Creates a reader that begins at an offset.
  ///
  /// - Parameters:
  ///   - bytes: the input.
  ///   - position: offset in `bytes`.
  @_lifetime(copy bytes)
  public init(_ bytes: Span<UInt8>, at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  /// Number of bytes left.
  public var rest: Int { max(0, bytes.count - position) }

  /// Reads the next number. Returns `nil` at the end.
  @_lifetime(self: copy self)
  public mutating func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self)
    -> Number?
  {
    let size = Number.bitWidth / 8
    guard rest >= size else { return nil }
    var result: Number = 0
    for index in 0..<size {
      result |= Number(truncatingIfNeeded: bytes[position + index]) << (index * 8)
    }
    position += size
    return result
  }

  /// Returns the number at an offset, or `nil` at the end. The position does not change.
  public func number<Number: FixedWidthInteger>(at position: Int, _ type: Number.Type) -> Number? {
    var reader = ByteReader(bytes, at: position)
    return reader.number(type)
  }

  /// Reads the next string: its length in bytes, then the bytes. Returns `nil` if the length
  /// exceeds the rest.
  @_lifetime(self: copy self)
  public mutating func text() -> [UInt8]? {
    guard let count = number(UInt32.self), Int(count) <= rest else { return nil }
    let start = position
    position += Int(count)
    var result: [UInt8] = []
    result.reserveCapacity(Int(count))
    for index in start..<position { result.append(bytes[index]) }
    return result
  }

  /// Like `text`, but as a `String`. Bytes that are not UTF-8 become U+FFFD.
  @_lifetime(self: copy self)
  public mutating func string() -> String? { text().map { String(decoding: $0, as: UTF8.self) } }
}
