/// A copied description of a C function.
public struct CFunction: Sendable, Equatable {
  /// The function's module; empty for a method.
  public let module: String
  /// The function's name: `len`, `append`.
  public let name: String
  /// The class of the object that a method is bound to, with its module unless that is `builtins`;
  /// nil for a function.
  public let boundType: String?
}

extension CCallEvent {
  /// A copy of the callee's names; nil in an event made by hand, and for a callee of a kind that
  /// has no name. Allocates.
  public var calleeDescription: CFunction? {
    switch callee {
    case .none: return nil
    case .some(let callee): return callee.cFunctionDescription
    }
  }
}
