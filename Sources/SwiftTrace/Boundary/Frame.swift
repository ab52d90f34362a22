import CTraceHook

/// A frame of the traced program, readable during its event.
@safe public struct Frame: ~Copyable, ~Escapable {
  // SAFETY: a `PyFrameObject *` that the interpreter keeps alive until the event is handled; 0 in
  // an event made by hand; or, with its highest bit set, which no address has, the arguments that a
  // recording has kept, which whoever made the frame keeps as long.
  private let bits: UInt

  @_lifetime(immortal) @inline(__always)
  init(_ object: ObjectAddress) { bits = object.bits }

  /// A frame of which a recording has kept the arguments' texts, in the order of the parameters.
  @_lifetime(immortal)
  init(recorded arguments: RecordedTexts) {
    let address = UInt(bitPattern: unsafe Unmanaged.passUnretained(arguments).toOpaque())
    bits = address | Self.recordedMark
  }

  private static var recordedMark: UInt { 1 << 63 }

  private var isRecorded: Bool { bits & Self.recordedMark != 0 }

  /// The interpreter's frame, if it is one.
  var object: ObjectAddress? { isRecorded ? nil : ObjectAddress(bits: bits) }

  /// A frame that no interpreter knows, without variables, for events made by hand.
  @_lifetime(immortal)
  public init() { bits = 0 }

  /// `f_lineno`: the line that the frame is at, 1-based; 0 where it has none.
  public var line: Int32 {
    guard let object else { return 0 }
    return unsafe CTraceHook_line(object.pointer)
  }

  /// `co_filename` of what the frame runs; empty in an event made by hand.
  var file: String {
    guard let object else { return "" }
    return unsafe TextReader(CTraceHook_frameCode(object.pointer).file).string
  }

  /// Whether the frame's globals are the names of the module `__main__`.
  var runsInMain: Bool {
    guard let object else { return false }
    return unsafe CTraceHook_runsInMain(object.pointer)
  }

  /// Returns a global of the frame that is a str, or an empty text.
  func global(_ name: StaticString) -> String {
    guard let object else { return "" }
    // SAFETY: a string literal ends in NUL.
    return unsafe name.utf8Start.withMemoryRebound(to: CChar.self, capacity: 1) { name in
      unsafe TextReader(CTraceHook_globalString(object.pointer, name)).string
    }
  }

  /// A local variable by its place in `co_varnames`, or nil when it is not bound. Nothing is
  /// written to the frame.
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
