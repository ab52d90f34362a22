import CTraceHook

/// What kind of object a value is. An object of a subclass of a builtin type is `.other`: what it
/// does is the program's business.
public enum ValueKind: UInt8, Sendable {
  case none, `true`, `false`, ellipsis, notImplemented
  case int, float, complex, string, bytes, byteArray
  case list, tuple, dict, set, frozenSet, range
  /// A class, whatever its metaclass.
  case type
  /// A function written in Python.
  case function
  /// A function or method written in C.
  case builtin
  /// A generator, coroutine or asynchronous generator.
  case generator
  case other
  /// A text made by hand; no object.
  case literal

  init(_ kind: CTraceHook_ValueKind) {
    // The C enum lists the same kinds in the same order; a test compares them.
    self = ValueKind(rawValue: kind.rawValue) ?? .other
  }

  /// Whether it has elements that `Value` gives.
  public var isContainer: Bool {
    switch self {
    case .list, .tuple, .dict, .set, .frozenSet: true
    default: false
    }
  }
}
