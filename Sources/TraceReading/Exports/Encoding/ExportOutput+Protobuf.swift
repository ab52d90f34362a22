/// The wire format of protocol buffers, as far as a writer needs it:
/// <https://protobuf.dev/programming-guides/encoding/>.
extension ExportOutput {
  /// Adds a number with seven bits a byte, the low ones first.
  @inline(__always)
  func append(varint number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      append(byte: UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(byte: UInt8(truncatingIfNeeded: rest))
  }

  /// Adds a field that is a number: of type uint32, uint64, int64 (not negative), bool or an enum.
  @inline(__always)
  func append(field: UInt64, _ number: UInt64) {
    append(varint: field << 3)
    append(varint: number)
  }

  /// Adds a field that is a text, or bytes.
  func append(field: UInt64, _ bytes: [UInt8]) {
    append(varint: field << 3 | 2)
    append(varint: UInt64(bytes.count))
    append(bytes)
  }

  /// Adds a field that is a text.
  func append(field: UInt64, _ text: String) { append(field: field, Array(text.utf8)) }

  /// Begins a field that is a message. What is added until `end(message:)` is its content.
  @inline(__always)
  func begin(message field: UInt64) -> Int {
    append(varint: field << 3 | 2)
    append(byte: 0)
    return count
  }

  /// Ends a message, and puts its length in front.
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
