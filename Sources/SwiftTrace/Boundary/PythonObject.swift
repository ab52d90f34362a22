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

extension PythonObject {
  /// Calls the object's `write` with a text of whole characters.
  ///
  /// - Throws: the `PythonException` that it raised.
  func write(_ text: Span<UInt8>) throws {
    try unsafe text.withUnsafeBytes { bytes in
      let start = unsafe bytes.assumingMemoryBound(to: CChar.self).baseAddress!
      try unsafe Self.check(CTraceHook_write(object, start, bytes.count))
    }
  }

  /// Calls the object's `flush`.
  ///
  /// - Throws: the `PythonException` that it raised.
  func flush() throws { try unsafe Self.check(CTraceHook_flush(object)) }

  /// Calls the object with the code object of a frame, and that of the frame which called it or
  /// None.
  ///
  /// - Throws: the `PythonException` that it raised.
  func report(_ frame: ObjectAddress) throws {
    try unsafe Self.check(CTraceHook_reportFrame(object, frame.pointer))
  }
}

// Exceptions.
extension PythonObject {
  /// Whether it is an `Exception`, not one that ends programs.
  var isOrdinaryException: Bool { unsafe CTraceHook_isOrdinary(object) }

  /// Takes the interpreter's current exception.
  static func takeException() -> PythonObject? {
    unsafe CTraceHook_takeException().map { unsafe PythonObject(owning: $0) }
  }

  /// Sets it as the interpreter's current exception.
  func raise() {
    unsafe CTraceHook_retain(object)
    unsafe CTraceHook_raiseObject(object)
  }

  /// Sets a RuntimeError with a text.
  static func raiseRuntimeError(_ text: String) {
    // C copies the bytes.
    unsafe text.utf8Span.span.withUnsafeBytes { bytes in
      let start = unsafe bytes.assumingMemoryBound(to: CChar.self).baseAddress
      if let start = unsafe start { unsafe CTraceHook_raise(.runtime, 0, start, bytes.count) }
    }
  }

  /// Throws the exception that a call has returned, if any.
  private static func check(_ failure: UnsafeMutableRawPointer?) throws {
    if let failure = unsafe failure { throw unsafe PythonException(owning: failure) }
  }
}

extension PythonException {
  /// Takes over a reference to an exception.
  package init(owning exception: UnsafeMutableRawPointer) {
    self.init(unsafe PythonObject(owning: exception))
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
