import CTraceHook

/// A frame of the traced program, which can be read during its event.
@safe public struct Frame: ~Copyable, ~Escapable {
  // SAFETY: a `PyFrameObject *`, which the interpreter keeps alive until the event is handled; or
  // 0, in an event made by hand; or, with the highest bit set, which no address has, the address of
  // a recording's arguments, which the creator of the frame keeps alive for as long.
  private let bits: UInt

  @_lifetime(immortal) @inline(__always)
  init(_ object: ObjectAddress) { bits = object.bits }

  /// A frame in a recording: the texts of its arguments, in the order of the parameters.
  @_lifetime(immortal)
  init(recorded arguments: RecordedTexts) {
    let address = UInt(bitPattern: unsafe Unmanaged.passUnretained(arguments).toOpaque())
    bits = address | Self.recordedMark
  }

  private static var recordedMark: UInt { 1 << 63 }

  private var isRecorded: Bool { bits & Self.recordedMark != 0 }

  /// The interpreter's frame; nil in a recording and in an event made by hand.
  var object: ObjectAddress? { isRecorded ? nil : ObjectAddress(bits: bits) }

  /// A frame without an interpreter and without variables, for events made by hand.
  @_lifetime(immortal)
  public init() { bits = 0 }

  /// `f_lineno`: the line that the frame is at, 1-based; 0 if it has none.
  public var line: Int32 {
    guard let object else { return 0 }
    return unsafe CTraceHook_line(object.pointer)
  }

  /// `co_filename` of the code that the frame runs; empty in an event made by hand.
  var file: String {
    guard let object else { return "" }
    return unsafe TextReader(CTraceHook_frameCode(object.pointer).file).string
  }

  /// Whether the frame's globals are those of the module `__main__`.
  var runsInMain: Bool {
    guard let object else { return false }
    return unsafe CTraceHook_runsInMain(object.pointer)
  }

  /// Returns a global of the frame; an empty text if there is none, or it is not a str.
  func global(_ name: StaticString) -> String {
    guard let object else { return "" }
    // SAFETY: a string literal ends in NUL.
    return unsafe name.utf8Start.withMemoryRebound(to: CChar.self, capacity: 1) { name in
      unsafe TextReader(CTraceHook_globalString(object.pointer, name)).string
    }
  }

  /// Returns a local variable by its index in `co_varnames`; nil if it has no value. Writes nothing
  /// to the frame.
  @_lifetime(borrow self)
  public func local(_ slot: Int32) -> Value? {
    if isRecorded {
      let address = unsafe UnsafeRawPointer(bitPattern: bits & ~Self.recordedMark)!
      let arguments = unsafe Unmanaged<RecordedTexts>.fromOpaque(address).takeUnretainedValue()
      guard let text = arguments.argument(Int(slot)) else { return nil }
      return unsafe _overrideLifetime(Value(recorded: text), borrowing: self)
    }
    guard let object, let value = unsafe ObjectAddress(CTraceHook_local(object.pointer, slot))
    else { return nil }
    return unsafe _overrideLifetime(Value(value), borrowing: self)
  }
}
