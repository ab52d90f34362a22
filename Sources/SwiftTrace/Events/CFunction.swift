/// What is known of a function written in C, copied.
public struct CFunction: Sendable, Equatable {
  /// The module that it belongs to; empty for a method.
  public let module: String
  /// Its name: `len`, `append`.
  public let name: String
  /// Of a method: the class of the object that it is bound to, with its module unless that is
  /// `builtins`.
  public let boundType: String?
}

extension CCallEvent {
  /// What is known of the function that is called; nil in an event made by hand, and for a callee
  /// of a kind that has no name of its own. Allocates.
  public var calleeDescription: CFunction? {
    switch callee {
    case .none: return nil
    case .some(let callee): return callee.cFunctionDescription
    }
  }
}
