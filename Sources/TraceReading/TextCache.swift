/// Texts that were read lately: many events name the same.
struct TextCache {
  private var known: [UInt64: [UInt8]] = [:]
  private var size = 0

  mutating func text(at offset: UInt64, _ read: () -> [UInt8]?) -> [UInt8]? {
    if let text = known[offset] { return text }
    guard let text = read().map({ valid(utf8: $0) }) else { return nil }
    if size > 1 << 20 {
      known.removeAll(keepingCapacity: true)
      size = 0
    }
    size += text.count + 64
    known[offset] = text
    return text
  }
}

/// A text as it is, or with U+FFFD for what is not UTF-8: only a damaged file has such texts.
///
/// - Parameter most: bytes that are kept of it.
func valid(utf8 text: [UInt8], most: Int = .max) -> [UInt8] {
  let bytes = text.count > most ? Array(text.prefix(most)) + Array("...".utf8) : text
  return String(validating: bytes, as: UTF8.self) == nil
    ? Array(String(decoding: bytes, as: UTF8.self).utf8) : bytes
}
