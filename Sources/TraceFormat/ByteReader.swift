/// Reads what `ByteWriter` wrote. Every read is bounded: a file may be cut off, or hostile.
public struct ByteReader: ~Escapable {
  private let bytes: Span<UInt8>
  /// Bytes that were read, or passed over by the start: where the next read begins.
  public private(set) var position: Int

  /// Reads from a place on.
  ///
  /// - Parameters:
  ///   - bytes: what is read.
  ///   - position: bytes from their start.
  @_lifetime(copy bytes)
  public init(_ bytes: Span<UInt8>, at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  /// Bytes that are left.
  public var rest: Int { max(0, bytes.count - position) }

  /// The next number, or nil at the end.
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

  /// The number at a place, or `nil` at the end. The position does not change.
  public func number<Number: FixedWidthInteger>(at position: Int, _ type: Number.Type) -> Number? {
    var reader = ByteReader(bytes, at: position)
    return reader.number(type)
  }

  /// The next text, with its length in front; nil where that is more than is left.
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

  /// The next text, as a `String`; what is not UTF-8 shows as U+FFFD.
  @_lifetime(self: copy self)
  public mutating func string() -> String? { text().map { String(decoding: $0, as: UTF8.self) } }
}
