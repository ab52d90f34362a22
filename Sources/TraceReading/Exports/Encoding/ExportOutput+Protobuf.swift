/// The part of the wire format of protocol buffers that a writer needs:
/// <https://protobuf.dev/programming-guides/encoding/>.
extension ExportOutput {
  /// Appends a varint: seven bits in each byte, the lowest first.
  @inline(__always)
  func append(varint number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      append(byte: UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(byte: UInt8(truncatingIfNeeded: rest))
  }

  /// Appends a numeric field: uint32, uint64, int64 (not negative), bool or an enum.
  @inline(__always)
  func append(field: UInt64, _ number: UInt64) {
    append(varint: field << 3)
    append(varint: number)
  }

  /// Appends a field of type string or bytes.
  func append(field: UInt64, _ bytes: [UInt8]) {
    append(varint: field << 3 | 2)
    append(varint: UInt64(bytes.count))
    append(bytes)
  }

  /// Appends a field of type string.
  func append(field: UInt64, _ text: String) { append(field: field, Array(text.utf8)) }

  /// Begins a field that is a message. Everything appended until `end(message:)` is its content.
  ///
  /// - Returns: offset of the content, for `end(message:)`.
  @inline(__always)
  func begin(message field: UInt64) -> Int {
    append(varint: field << 3 | 2)
    append(byte: 0)
    return count
  }

  /// Ends a message, and stores its length before the content.
  ///
  /// - Parameter start: result of `begin(message:)`.
  @inline(__always)
  func end(message start: Int) {
    let length = count - start
    if length < 0x80 {
      self[start - 1] = UInt8(truncatingIfNeeded: length)
    } else {
      end(longMessage: start, length)
    }
  }

  @inline(never)
  private func end(longMessage start: Int, _ length: Int) {
    var digits = 1
    while length >> (7 * digits) > 0 { digits += 1 }
    insert(digits - 1, at: start)
    for place in 0..<digits {
      let more: UInt8 = place < digits - 1 ? 0x80 : 0
      self[start - 1 + place] = UInt8(truncatingIfNeeded: length >> (7 * place)) & 0x7F | more
    }
  }
}
