import CTraceHook

/// An owned reference to a Python object. Any thread may release the last reference to it; reading
/// the value needs the GIL, which is held during an event.
@safe public final class PythonObject: @unchecked Sendable {
  // SAFETY: this object owns one reference, from `init` to `deinit`.
  private let object: UnsafeMutableRawPointer

  /// Takes over ownership of a reference.
  package init(owning object: UnsafeMutableRawPointer) { unsafe self.object = object }

  deinit { unsafe CTraceHook_releaseAnywhere(object) }

  /// The object, as a value that can be read.
  public var value: Value {
    @_lifetime(borrow self)
    get { unsafe _overrideLifetime(Value(object), borrowing: self) }
  }

  /// Passes the reference to `body`, for a call into C that borrows it.
  package func withUnsafePointer<Result>(_ body: (UnsafeMutableRawPointer) throws -> Result)
    rethrows
    -> Result
  {
    try unsafe body(object)
  }
}

extension PythonObject {
  /// Calls the object's `write` method with a text of whole characters.
  ///
  /// - Throws: the `PythonException` that the method raised.
  func write(_ text: Span<UInt8>) throws {
    try unsafe text.withUnsafeBytes { bytes in
      let start = unsafe bytes.assumingMemoryBound(to: CChar.self).baseAddress!
      try unsafe Self.check(CTraceHook_write(object, start, bytes.count))
    }
  }

  /// Calls the object's `flush` method.
  ///
  /// - Throws: the `PythonException` that the method raised.
  func flush() throws { try unsafe Self.check(CTraceHook_flush(object)) }

  /// Calls the object with the code object of a frame, and with that of the frame's caller or None.
  ///
  /// - Throws: the `PythonException` that the object raised.
  func report(_ frame: ObjectAddress) throws {
    try unsafe Self.check(CTraceHook_reportFrame(object, frame.pointer))
  }
}

// Exceptions.
extension PythonObject {
  /// Whether it is an `Exception`, and not one that ends programs.
  var isOrdinaryException: Bool { unsafe CTraceHook_isOrdinary(object) }

  /// Removes and returns the interpreter's current exception.
  static func takeException() -> PythonObject? {
    unsafe CTraceHook_takeException().map { unsafe PythonObject(owning: $0) }
  }

  /// Sets the object as the interpreter's current exception.
  func raise() {
    unsafe CTraceHook_retain(object)
    unsafe CTraceHook_raiseObject(object)
  }

  /// Sets a RuntimeError with a message.
  static func raiseRuntimeError(_ text: String) {
    // C copies the bytes.
    unsafe text.utf8Span.span.withUnsafeBytes { bytes in
      let start = unsafe bytes.assumingMemoryBound(to: CChar.self).baseAddress
      if let start = unsafe start { unsafe CTraceHook_raise(.runtime, 0, start, bytes.count) }
    }
  }

  /// Throws the exception that a C function has returned, if any, and takes over its ownership.
  private static func check(_ failure: UnsafeMutableRawPointer?) throws {
    if let failure = unsafe failure { throw unsafe PythonException(owning: failure) }
  }
}

extension PythonException {
  /// Takes over ownership of a reference to an exception.
  package init(owning exception: UnsafeMutableRawPointer) {
    self.init(unsafe PythonObject(owning: exception))
  }
}

extension Value {
  /// Returns an owned reference to the object, which can be kept after the event.
  public func retained() -> PythonObject {
    unsafe withUnsafePointer { pointer in
      unsafe CTraceHook_retain(pointer)
      return unsafe PythonObject(owning: UnsafeMutableRawPointer(mutating: pointer))
    }
  }
}
