import SwiftTrace

/// The elements of a tuple or list that Python passes by position: a wrong one is a TypeError or a
/// ValueError, never a trap. `Arguments` has those that are passed by name.
extension Value {
  /// Checks that it is a tuple of so many elements, all of which are set.
  ///
  /// - Parameter description: how the message begins: `view() takes a recording and a name`.
  /// - Throws: `ModuleError`, a TypeError.
  func check(count: Int, _ description: String) throws {
    guard kind == .tuple, self.count == count else { throw ModuleError.type(description) }
    for index in 0..<count where isMissing(index) { throw ModuleError.type(description) }
  }

  /// Whether C code, which is still filling the tuple or list, has not set an element.
  func isMissing(_ index: Int) -> Bool {
    switch item(index) {
    case .none: true
    case .some: false
    }
  }

  /// An element, which is set.
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

  /// An int, or None: nil. An int beyond 64 bits is the nearest that they hold.
  func number(at index: Int) throws -> Int? {
    let value = try element(index)
    switch value.kind {
    case .none: return nil
    case .int: return Int(value.clampedInt64)
    default: throw ModuleError.type("expected an int or None")
    }
  }

  /// Whether it is True.
  func flag(at index: Int) throws -> Bool { try element(index).kind == .true }
}
