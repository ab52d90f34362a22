import SwiftTrace
import TraceReading

/// The entries of a dict that Python passes, each removed by its key.
///
/// A missing key, an unknown key and a value of the wrong type are TypeErrors that name the key,
/// never a trap. They are for developers: the Python package checks what users write.
struct Arguments {
  /// Name of the module function that takes the dict, for messages.
  private let function: String
  private var entries: [String: PythonObject]

  /// - Throws: `ModuleError`, a TypeError, unless the value is a dict with keys of type str.
  init(_ value: borrowing Value, of function: String) throws {
    guard value.kind == .dict else { throw ModuleError.type("\(function): expected a dict") }
    var entries: [String: PythonObject] = [:]
    var isNamed = true
    value.forEachEntry { key, content in
      switch content {
      case .some(let content) where key.kind == .string: entries[key.string] = content.retained()
      default: isNamed = false
      }
      return isNamed
    }
    guard isNamed else { throw ModuleError.type("\(function): a key must be a str") }
    self.function = function
    self.entries = entries
  }

  /// Throws a TypeError if an entry is left.
  func finish() throws {
    guard let key = entries.keys.min() else { return }
    throw ModuleError.type("\(function): unknown key '\(key)'")
  }

  /// Removes an entry and returns its value, of any type. The methods below require one type.
  mutating func object(_ key: String) throws -> PythonObject {
    guard let object = entries.removeValue(forKey: key) else {
      throw ModuleError.type("\(function): missing key '\(key)'")
    }
    return object
  }

  /// A str. A lone surrogate becomes an escape.
  mutating func string(_ key: String) throws -> String {
    try object(key).look { value in
      guard value.kind == .string else { throw mistyped(key, "a str") }
      return value.string
    }
  }

  /// A str that is the raw value of a `Choice`.
  ///
  /// - Throws: `ModuleError`, a ValueError for another str.
  mutating func choice<Choice: RawRepresentable>(
    _ key: String, _: Choice.Type = Choice.self
  ) throws -> Choice where Choice.RawValue == String {
    let text = try string(key)
    guard let choice = Choice(rawValue: text) else {
      throw ModuleError.value("\(function): invalid \(key): '\(text)'")
    }
    return choice
  }

  /// Like `choice`, but returns nil for None.
  mutating func optionalChoice<Choice: RawRepresentable>(
    _ key: String, _ type: Choice.Type = Choice.self
  ) throws -> Choice? where Choice.RawValue == String {
    let isNone = entries[key]?.look { $0.kind == .none } ?? false
    if isNone {
      entries[key] = nil
      return nil
    }
    return try choice(key, type)
  }

  /// The kind of a strategy, a str. The entry is not removed.
  func kind() throws -> String {
    var copy = self
    return try copy.string("kind")
  }

  /// A bool.
  mutating func flag(_ key: String) throws -> Bool {
    try object(key).look { value in
      switch value.kind {
      case .true: true
      case .false: false
      default: throw mistyped(key, "a bool")
      }
    }
  }

  /// An int, or nil for None. An int that does not fit in 64 bits is clamped.
  mutating func int(_ key: String) throws -> Int? {
    try object(key).look { value in
      switch value.kind {
      case .none: nil
      case .int: Int(value.clampedInt64)
      default: throw mistyped(key, "an int or None")
      }
    }
  }

  /// Like `int`, but 0 for an int below 0.
  mutating func natural(_ key: String) throws -> UInt64? {
    try int(key).map { UInt64(max(0, $0)) }
  }

  /// A float. An int does too.
  mutating func number(_ key: String) throws -> Double {
    try object(key).look { value in
      switch value.kind {
      case .float: value.double
      case .int: Double(value.clampedInt64)
      default: throw mistyped(key, "a float")
      }
    }
  }

  /// A file descriptor.
  mutating func descriptor(_ key: String) throws -> Int32 {
    guard let number = try int(key), let descriptor = Int32(exactly: number), descriptor >= 0
    else { throw ModuleError.value("\(function): \(key) must be a file descriptor") }
    return descriptor
  }

  /// A bytes that is a path, without a null byte.
  mutating func path(_ key: String) throws -> [UInt8] {
    let path = try object(key).look { value in
      guard value.kind == .bytes else { throw mistyped(key, "bytes") }
      return value.byteArray
    }
    guard !path.contains(0) else {
      throw ModuleError.value("\(function): embedded null byte in \(key)")
    }
    return path
  }

  /// A list of str.
  mutating func strings(_ key: String) throws -> [String] {
    try object(key).look { list in
      guard list.kind == .list else { throw mistyped(key, "a list of str") }
      var strings: [String] = []
      for index in 0..<list.count {
        guard let string = list.stringElement(index) else { throw mistyped(key, "a list of str") }
        strings.append(string)
      }
      return strings
    }
  }

  /// A list of str, each a glob.
  mutating func globs(_ key: String) throws -> [Glob] { try strings(key).map { Glob($0) } }

  /// A list of names of kinds of events, each of a kind that is requested by its own name.
  mutating func events(_ key: String) throws -> EventSet {
    try strings(key).reduce(into: EventSet()) { events, name in
      guard let requested = EventSet(requestedAs: name) else {
        throw ModuleError.value("\(function): unknown event '\(name)' in \(key)")
      }
      events.formUnion(requested)
    }
  }

  /// Another dict.
  mutating func arguments(_ key: String) throws -> Arguments {
    try object(key).look { try Arguments($0, of: "\(function), \(key)") }
  }

  /// A list of dicts.
  mutating func list(_ key: String) throws -> [Arguments] {
    try object(key).look { list in
      guard list.kind == .list else { throw mistyped(key, "a list of dicts") }
      var arguments: [Arguments] = []
      for index in 0..<list.count {
        arguments.append(try Arguments(list.element(index), of: "\(function), \(key)"))
      }
      return arguments
    }
  }

  /// A tuple of two ints.
  mutating func pair(_ key: String) throws -> (UInt64, UInt64) {
    try object(key).look { tuple in
      guard tuple.kind == .tuple, tuple.count == 2, let first = try tuple.number(at: 0),
        let second = try tuple.number(at: 1)
      else { throw mistyped(key, "a tuple of two ints") }
      return (UInt64(bitPattern: Int64(first)), UInt64(bitPattern: Int64(second)))
    }
  }

  private func mistyped(_ key: String, _ expected: String) -> ModuleError {
    .type("\(function): \(key) must be \(expected)")
  }
}

extension PythonObject {
  /// Calls `body` with the object as a value.
  ///
  /// Not inlined, because the optimizer of Swift 6.3 fails on functions that own an object, read
  /// its value, and throw.
  @inline(never)
  func look<Result>(_ body: (borrowing Value) throws -> Result) rethrows -> Result {
    try body(value)
  }
}

extension ThreadSelection {
  /// - Parameter arguments: `process`, the ID of the only process to read, and `thread`, the number
  ///   of the only thread; each an int, or None for all.
  init(_ arguments: inout Arguments) throws {
    self.init(
      process: try arguments.int("process").map { UInt32(truncatingIfNeeded: $0) },
      thread: try arguments.int("thread"))
  }
}
