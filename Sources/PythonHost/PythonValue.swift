/// A copy of a Python value, as plain Swift.
///
/// Objects of exactly a builtin type are copied, with all that they contain; no code of theirs runs.
public indirect enum PythonValue: Sendable, Hashable {
  /// One key of a dict and what it stands for.
  public struct Entry: Sendable, Hashable {
    /// What it is found by.
    public let key: PythonValue
    /// What is found.
    public let value: PythonValue

    /// Makes an entry, to compare with.
    public init(key: PythonValue, value: PythonValue) {
      self.key = key
      self.value = value
    }
  }

  /// `None`.
  case none
  /// `True` or `False`.
  case bool(Bool)
  /// An int that 64 bits hold.
  case int(Int)
  /// An int that 64 bits do not hold: its decimal digits.
  case bigInt(String)
  /// A float.
  case float(Double)
  /// A complex.
  case complex(real: Double, imaginary: Double)
  /// A str. A lone surrogate, which Swift's strings cannot hold, is written as `\udc80`.
  case string(String)
  /// A bytes or bytearray.
  case bytes([UInt8])
  /// A list.
  case list([PythonValue])
  /// A tuple.
  case tuple([PythonValue])
  /// A dict, in its order.
  case dict([Entry])
  /// A set or frozenset, in no particular order.
  case set([PythonValue])
  /// Any other object, by the text of Python's default `repr`: `<module.Class object at 0x…>`. Also a
  /// container within itself, and one nested deeper than `maximumDepth`.
  case other(String)

  /// Containers within containers that are copied.
  public static let maximumDepth = 200
}

extension PythonValue: CustomStringConvertible {
  /// Much as Python's `repr` would show it.
  public var description: String {
    switch self {
    case .none: "None"
    case .bool(let value): value ? "True" : "False"
    case .int(let value): String(value)
    case .bigInt(let digits): digits
    case .float(let value): String(value)
    case .complex(let real, let imaginary): "(\(real)+\(imaginary)j)"
    case .string(let value): value.debugDescription
    case .bytes(let bytes): "b\(bytes)"
    case .list(let items): "[\(Self.joined(items))]"
    case .tuple(let items): items.count == 1 ? "(\(items[0]),)" : "(\(Self.joined(items)))"
    case .dict(let entries):
      "{\(entries.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}"
    case .set(let items): items.isEmpty ? "set()" : "{\(Self.joined(items))}"
    case .other(let text): text
    }
  }

  private static func joined(_ items: [PythonValue]) -> String {
    items.map(\.description).joined(separator: ", ")
  }
}
