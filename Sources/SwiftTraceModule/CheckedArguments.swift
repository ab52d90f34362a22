import SwiftTrace

/// Checked access to the elements of a tuple or list that Python passes: a wrong one is a TypeError
/// or a ValueError, never a trap. `Arguments` reads values that are passed by name.
extension Value {
  /// Checks that the value is a tuple of `count` elements, all of which are set.
  ///
  /// - Parameter description: the message if it is not: `view() takes a recording and a dict`.
  /// - Throws: `ModuleError`, a TypeError.
  func check(count: Int, _ description: String) throws {
    guard kind == .tuple, self.count == count else { throw ModuleError.type(description) }
    for index in 0..<count where isMissing(index) { throw ModuleError.type(description) }
  }

  /// Whether the element is NULL, as in a tuple or list that C code is still filling.
  func isMissing(_ index: Int) -> Bool {
    switch item(index) {
    case .none: true
    case .some: false
    }
  }

  /// An element.
  ///
  /// - Throws: `ModuleError`, a TypeError, if the element is missing.
  @_lifetime(copy self)
  func element(_ index: Int) throws -> Value {
    guard kind == .tuple || kind == .list, index < count else {
      throw ModuleError.type("missing argument \(index + 1)")
    }
    switch item(index) {
    case .none: throw ModuleError.type("missing argument \(index + 1)")
    case .some(let value): return value
    }
  }

  /// The bytes of a path, a str or bytes.
  func path(at index: Int) throws -> [UInt8] {
    let value = try element(index)
    let path: [UInt8]
    switch value.kind {
    case .string: path = Array(value.string.utf8)
    case .bytes: path = value.byteArray
    default: throw ModuleError.type("expected a path, a str or bytes")
    }
    guard !path.contains(0) else { throw ModuleError.value("embedded null byte") }
    return path
  }

  /// An int, or nil for None. An int that does not fit in 64 bits is clamped.
  func number(at index: Int) throws -> Int? {
    let value = try element(index)
    switch value.kind {
    case .none: return nil
    case .int: return Int(value.clampedInt64)
    default: throw ModuleError.type("expected an int or None")
    }
  }

  /// Whether the element is True.
  func flag(at index: Int) throws -> Bool { try element(index).kind == .true }
}
