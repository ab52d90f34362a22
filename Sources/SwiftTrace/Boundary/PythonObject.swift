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
    let failure = unsafe text.withUnsafeBytes { bytes in
      unsafe CTraceHook_write(
        object, bytes.assumingMemoryBound(to: CChar.self).baseAddress!, bytes.count)
    }
    if let failure = unsafe failure { throw unsafe PythonException(owning: failure) }
  }

  /// Calls the object's `flush`.
  ///
  /// - Throws: the `PythonException` that it raised.
  func flush() throws {
    if let failure = unsafe CTraceHook_flush(object) {
      throw unsafe PythonException(owning: failure)
    }
  }

  /// Calls the object with the code object of a frame, and that of the frame which called it or None.
  ///
  /// - Throws: the `PythonException` that it raised.
  func tell(_ frame: ObjectAddress) throws {
    if let failure = unsafe CTraceHook_tellFrame(object, frame.pointer) {
      throw unsafe PythonException(owning: failure)
    }
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
