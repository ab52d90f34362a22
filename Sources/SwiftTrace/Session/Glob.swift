/// A pattern like in a shell: `*` matches any text, `?` one character, and `[abc]`, `[a-z]` or
/// `[!x]` one of a set. `*` also matches `/` and `.`, as in Python's `fnmatch`. Characters are
/// bytes.
public struct Glob: Sendable {
  private let pattern: [UInt8]

  /// Creates a pattern from any text: a `[` without a `]` is an ordinary character.
  public init(_ pattern: String) { self.pattern = Array(pattern.utf8) }

  /// The pattern.
  var text: String { String(decoding: pattern, as: UTF8.self) }

  /// Whether the pattern matches the whole text.
  public func matches(_ text: some Collection<UInt8>) -> Bool {
    let text = Array(text)
    var (place, index) = (0, 0)
    var retry: (place: Int, index: Int)?
    while index < text.count {
      if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
        retry = (place + 1, index)
        place += 1
      } else if let next = step(place, text[index]) {
        place = next
        index += 1
      } else if let last = retry {
        (place, index) = (last.place, last.index + 1)
        retry = (last.place, index)
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
  }

  /// Whether the pattern matches the whole path, or the part after any of its slashes.
  public func matches(path: some Collection<UInt8>) -> Bool {
    let path = Array(path)
    if matches(path) { return true }
    return path.indices.contains { index in
      path[index] == UInt8(ascii: "/") && matches(path[(index + 1)...])
    }
  }

  /// Returns the position in the pattern after it has matched one byte, or nil if it does not
  /// match.
  private func step(_ place: Int, _ byte: UInt8) -> Int? {
    guard place < pattern.count else { return nil }
    switch pattern[place] {
    case UInt8(ascii: "?"): return place + 1
    case UInt8(ascii: "["):
      guard let set = characterSet(at: place) else {
        return byte == pattern[place] ? place + 1 : nil
      }
      return set.contains(byte) ? set.end : nil
    default: return pattern[place] == byte ? place + 1 : nil
    }
  }

  private struct CharacterSet {
    let members: ArraySlice<UInt8>
    let isNegated: Bool
    let end: Int

    func contains(_ byte: UInt8) -> Bool {
      var index = members.startIndex
      while index < members.endIndex {
        if index + 2 < members.endIndex, members[index + 1] == UInt8(ascii: "-") {
          if members[index]...max(members[index], members[index + 2]) ~= byte { return !isNegated }
          index += 3
        } else {
          if members[index] == byte { return !isNegated }
          index += 1
        }
      }
      return isNegated
    }
  }

  /// Returns the set whose bracket is at `place`, or nil if it has no closing bracket.
  private func characterSet(at place: Int) -> CharacterSet? {
    var start = place + 1
    let isNegated = start < pattern.count && pattern[start] == UInt8(ascii: "!")
    if isNegated { start += 1 }
    guard start < pattern.count,
      let end = pattern[(start + 1)...].firstIndex(of: UInt8(ascii: "]"))
    else { return nil }
    return CharacterSet(members: pattern[start..<end], isNegated: isNegated, end: end + 1)
  }
}
