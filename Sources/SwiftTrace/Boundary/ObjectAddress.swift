import CTraceHook

/// The address of an object of the interpreter's: a frame, a value, a class.
///
/// The interpreter keeps the object alive until the event is handled, in which the address came.
@safe struct ObjectAddress: Equatable {
  // SAFETY: as above.
  private let object: UnsafeRawPointer

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

  // Of a frame.

  /// Whether the frame's generator is suspended.
  var isSuspended: Bool { unsafe CTraceHook_isSuspended(object) }

  /// The frame that waits for this one, of a generator that delegates to another or of a coroutine
  /// that awaits.
  var generatorBelow: ObjectAddress? { unsafe ObjectAddress(CTraceHook_generatorBelow(object)) }

  /// The frame that called this one.
  var back: ObjectAddress? { unsafe ObjectAddress(CTraceHook_back(object)) }

  /// The record of the frame's code object; `nil` before its first event.
  var knownFunction: Pinned<FunctionRecord>? {
    // SAFETY: every record that the hook has is one that `FunctionRecord.make` made. The frame keeps
    // its code object, and that the record.
    unsafe CTraceHook_knownFunction(object).map {
      unsafe Pinned(at: $0.assumingMemoryBound(to: FunctionRecord.self))
    }
  }

  /// Fills in the thread that runs the frame.
  func describeThread(_ number: inout UInt64, _ identifier: inout UInt64, _ name: inout [UInt8]) {
    let thread = unsafe CTraceHook_currentThread(object)
    number = unsafe UInt64(thread.native_id)
    identifier = unsafe UInt64(thread.identifier)
    unsafe TextReader(thread.name).appendUTF8(to: &name)
  }
}

/// The address of a class, as a number, whose lowest bit says that it is static: one that lives as
/// long as the process, and that nobody needs to own.
struct ClassReference {
  private var bits: UInt = 0

  /// No class.
  init() {}

  /// A class that is static.
  @inline(__always)
  init(static type: ObjectAddress) { bits = type.bits | 1 }

  /// Any class, which `release` gives back.
  @safe init(retaining type: ObjectAddress) {
    let isStatic = unsafe CTraceHook_isStatic(type.pointer)
    if !isStatic { unsafe CTraceHook_retain(type.pointer) }
    bits = type.bits | (isStatic ? 1 : 0)
  }

  /// Whether it is to be released.
  @inline(__always)
  var isOwner: Bool { bits != 0 && bits & 1 == 0 }

  /// The class.
  @inline(__always)
  var type: ObjectAddress? { unsafe ObjectAddress(UnsafeRawPointer(bitPattern: bits & ~1)) }

  @inline(__always)
  func release() {
    if isOwner, let type { unsafe CTraceHook_release(type.pointer) }
  }
}
