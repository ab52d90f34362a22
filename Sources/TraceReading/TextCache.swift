/// Cache of strings that were read recently, because many events refer to the same ones.
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

/// Returns a text with each part that is not UTF-8 replaced by U+FFFD; only a damaged file has such
/// texts.
///
/// - Parameter most: maximum number of bytes to keep; the rest is replaced by `...`.
func valid(utf8 text: [UInt8], most: Int = .max) -> [UInt8] {
  let bytes = text.count > most ? Array(text.prefix(most)) + Array("...".utf8) : text
  return String(validating: bytes, as: UTF8.self) == nil
    ? Array(String(decoding: bytes, as: UTF8.self).utf8) : bytes
}
