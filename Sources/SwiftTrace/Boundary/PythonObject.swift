import CTraceHook

/// An owned reference to a Python object. The last owner may let go in any thread; looking at the
/// value needs the GIL, which is held during an event.
@safe public final class PythonObject: @unchecked Sendable {
  // SAFETY: one reference is ours from `init` to `deinit`.
  private let object: UnsafeMutableRawPointer

  /// Takes over a reference.
  package init(owning object: UnsafeMutableRawPointer) { unsafe self.object = object }

  deinit { unsafe CTraceHook_releaseAnywhere(object) }

  /// The object, as a value to look at.
  public var value: Value {
    @_lifetime(borrow self)
    get { unsafe _overrideLifetime(Value(object), borrowing: self) }
  }

  /// The reference for a call into C, which borrows it.
  package func withUnsafePointer<Result>(_ body: (UnsafeMutableRawPointer) throws -> Result)
    rethrows
    -> Result
  {
    try unsafe body(object)
  }
}

extension Value {
  /// Makes an owner of the object, so that it can be kept after the event.
  public func retained() -> PythonObject {
    unsafe withUnsafePointer { pointer in
      unsafe CTraceHook_retain(pointer)
      return unsafe PythonObject(owning: UnsafeMutableRawPointer(mutating: pointer))
    }
  }
}
