/// A copy of a Python value, as plain Swift.
///
/// Objects whose exact type is a builtin type are copied with their contents. Copying runs no code
/// of the program.
public indirect enum PythonValue: Sendable, Hashable {
  /// A key of a dict and its value.
  public struct Entry: Sendable, Hashable {
    /// The key.
    public let key: PythonValue
    /// The value.
    public let value: PythonValue

    /// Creates an entry, for comparisons.
    public init(key: PythonValue, value: PythonValue) {
      self.key = key
      self.value = value
    }
  }

  /// `None`.
  case none
  /// `True` or `False`.
  case bool(Bool)
  /// An int that fits in 64 bits.
  case int(Int)
  /// An int that does not fit in 64 bits: its decimal digits.
  case bigInt(String)
  /// A float.
  case float(Double)
  /// A complex.
  case complex(real: Double, imaginary: Double)
  /// A str. A lone surrogate, which Swift strings cannot contain, is escaped, such as `\udc80`.
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
  /// Any other object, as the text of Python's default `repr`: `<module.Class object at 0x…>`. Also
  /// a container that contains itself, and one nested deeper than `maximumDepth`.
  case other(String)

  /// Maximum number of nested containers that are copied.
  public static let maximumDepth = 200
}

extension PythonValue: CustomStringConvertible {
  /// A text similar to Python's `repr`.
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
