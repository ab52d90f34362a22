import CTraceHook

/// The kind of a value's object. An object of a subclass of a builtin type is `.other`, because the
/// subclass decides how it behaves.
public enum ValueKind: UInt8, Sendable {
  /// `None`.
  case none
  /// `True`.
  case `true`
  /// `False`.
  case `false`
  /// `Ellipsis`.
  case ellipsis
  /// `NotImplemented`.
  case notImplemented
  /// An `int`.
  case int
  /// A `float`.
  case float
  /// A `complex`.
  case complex
  /// A `str`.
  case string
  /// A `bytes`.
  case bytes
  /// A `bytearray`.
  case byteArray
  /// A `list`.
  case list
  /// A `tuple`.
  case tuple
  /// A `dict`.
  case dict
  /// A `set`.
  case set
  /// A `frozenset`.
  case frozenSet
  /// A `range`.
  case range
  /// A class, whatever its metaclass.
  case type
  /// A function written in Python.
  case function
  /// A C function or method.
  case cFunction
  /// A generator, coroutine or asynchronous generator.
  case generator
  /// Any other object.
  case other
  /// A text made by hand, without an object.
  case literal

  init(_ kind: CTraceHook_ValueKind) {
    // The C enum lists the same kinds in the same order; a test compares them.
    self = ValueKind(rawValue: kind.rawValue) ?? .other
  }

  /// Whether `Value` provides the object's elements.
  public var isContainer: Bool {
    switch self {
    case .list, .tuple, .dict, .set, .frozenSet: true
    default: false
    }
  }
}
