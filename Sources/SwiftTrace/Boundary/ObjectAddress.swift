import CTraceHook

/// The address of an object of the interpreter: a frame, a value, a class.
///
/// The interpreter keeps the object alive until the event that has the address is handled.
@safe struct ObjectAddress: Equatable {
  // SAFETY: see above.
  private let object: UnsafeRawPointer

  /// Restores an address from `bits`; nil for 0.
  @inline(__always)
  init?(bits: UInt) {
    guard let object = unsafe UnsafeRawPointer(bitPattern: bits) else { return nil }
    unsafe self.object = object
  }

  @unsafe @inline(__always)
  init(_ object: UnsafeRawPointer) { unsafe self.object = object }

  /// An address that may be NULL.
  @unsafe @inline(__always)
  init?(_ object: UnsafeRawPointer?) {
    guard let object = unsafe object else { return nil }
    unsafe self.object = object
  }

  /// The address, for C.
  @unsafe @inline(__always)
  var pointer: UnsafeRawPointer { unsafe object }

  /// The address as a number.
  @inline(__always)
  var bits: UInt { UInt(bitPattern: unsafe object) }

  @inline(__always)
  static func == (left: ObjectAddress, right: ObjectAddress) -> Bool { left.bits == right.bits }

  // MARK: Frames

  /// Whether the frame's generator is suspended.
  var isSuspended: Bool { unsafe CTraceHook_isSuspended(object) }

  /// The frame that waits for this one: of a generator that delegates to it, or of a coroutine that
  /// awaits it.
  var generatorBelow: ObjectAddress? { unsafe ObjectAddress(CTraceHook_generatorBelow(object)) }

  /// The frame that called this one.
  var back: ObjectAddress? { unsafe ObjectAddress(CTraceHook_back(object)) }

  /// The record of the frame's code object; `nil` before its first event.
  var knownFunction: Pinned<FunctionRecord>? {
    // SAFETY: `FunctionRecord.make` made every record that the hook has. The frame keeps its code
    // object alive, and that keeps the record.
    unsafe CTraceHook_knownFunction(object).map {
      unsafe Pinned(at: $0.assumingMemoryBound(to: FunctionRecord.self))
    }
  }

  /// Fills in the IDs and the name of the thread that runs the frame.
  func describeThread(_ number: inout UInt64, _ identifier: inout UInt64, _ name: inout [UInt8]) {
    let thread = unsafe CTraceHook_currentThread(object)
    number = unsafe UInt64(thread.native_id)
    identifier = unsafe UInt64(thread.identifier)
    unsafe TextReader(thread.name).appendUTF8(to: &name)
  }

  /// Visits the code objects nested in the frame's. `body` returns whether to visit those nested in
  /// that one. It is escaping, because `withoutActuallyEscaping` would compile the length of this
  /// file's path into the program.
  func forEachNestedFunction(_ body: @escaping (Pinned<FunctionRecord>) -> Bool) {
    var body = body
    unsafe withUnsafeMutablePointer(to: &body) { context in
      unsafe CTraceHook_forEachNested(object, defineFunction, visitNested, context)
    }
  }

  // MARK: Classes

  /// Whether a class lives as long as the process.
  var isStatic: Bool { unsafe CTraceHook_isStatic(object) }

  func retain() { unsafe CTraceHook_retain(object) }

  @inline(__always)
  func release() { unsafe CTraceHook_release(object) }
}

private let visitNested: @convention(c) (FunctionPointer, UnsafeMutableRawPointer) -> Bool = {
  // SAFETY: the context is the closure in `forEachNestedFunction`.
  unsafe $1.assumingMemoryBound(to: ((Pinned<FunctionRecord>) -> Bool).self).pointee(
    FunctionRecord.of($0))
}
