import CTraceHook

/// A Python object that a tracer can read without running code of the program.
///
/// Only the contents of objects of exactly a builtin type are read. Valid during the event.
@safe public struct Value: ~Copyable, ~Escapable {
  // SAFETY: a `PyObject *`, which the interpreter, or the object it was reached from, keeps alive
  // until the event is handled; or, with the highest bit set, which no address has, the address of
  // a `RecordedText`, which the creator of the value keeps alive for as long.
  private let object: UnsafeRawPointer

  @_lifetime(immortal)
  package init(_ object: UnsafeRawPointer) { unsafe self.object = object }

  @_lifetime(immortal) @inline(__always)
  init(_ object: ObjectAddress) { unsafe self.object = object.pointer }

  /// Passes the object to `body`, for a call into C.
  func withUnsafePointer<Result>(_ body: (UnsafeRawPointer) throws -> Result) rethrows -> Result {
    try unsafe body(object)
  }

  /// A value in a recording: its text, as in `repr()`.
  @_lifetime(immortal)
  init(recorded text: RecordedText) {
    let address = UInt(bitPattern: unsafe Unmanaged.passUnretained(text).toOpaque())
    unsafe object = UnsafeRawPointer(bitPattern: address | Self.literalMark)!
  }

  private static var literalMark: UInt { 1 << 63 }

  /// The kind of the object.
  public var kind: ValueKind {
    if isLiteral { return .literal }
    return ValueKind(unsafe CTraceHook_valueKind(object))
  }

  /// Whether the value is a text without an object.
  @inline(__always)
  var isLiteral: Bool { address & Self.literalMark != 0 }

  /// The text of a literal.
  var literal: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      precondition(kind == .literal)
      let address = unsafe UnsafeRawPointer(bitPattern: address & ~Self.literalMark)!
      let text = unsafe Unmanaged<RecordedText>.fromOpaque(address).takeUnretainedValue()
      return text.text.span(borrowing: self)
    }
  }

  /// The object's address: `id()`.
  public var address: UInt { UInt(bitPattern: unsafe object) }

  /// The value of an int, clamped to 64 bits, and whether that is exact.
  var nearestInt64: (value: Int64, isExact: Bool) {
    precondition(kind == .int)
    var result: Int64 = 0
    let isExact = unsafe CTraceHook_int64(object, &result)
    return (result, isExact)
  }

  /// The value of a small int; `nil` for any other object.
  var smallInt: Int64? {
    var result: Int64 = 0
    return unsafe CTraceHook_smallInt(object, &result) ? result : nil
  }

  /// The number of bits in the absolute value of an int.
  public var bitCount: Int {
    precondition(kind == .int)
    return Int(unsafe CTraceHook_bitCount(object))
  }

  /// The value of a float.
  public var double: Double {
    precondition(kind == .float)
    return unsafe CTraceHook_double(object)
  }

  /// The parts of a complex.
  public var complex: (real: Double, imaginary: Double) {
    precondition(kind == .complex)
    var real = 0.0
    var imaginary = 0.0
    unsafe CTraceHook_complex(object, &real, &imaginary)
    return (real, imaginary)
  }

  /// The characters of a str.
  var characters: TextReader {
    precondition(kind == .string)
    return unsafe TextReader(CTraceHook_string(object))
  }

  /// The bytes of a bytes or bytearray.
  var bytes: TextReader {
    precondition(kind == .bytes || kind == .byteArray)
    return unsafe TextReader(CTraceHook_bytes(object))
  }

  /// The number of elements of a list, tuple, dict, set or frozenset.
  public var count: Int {
    precondition(kind.isContainer)
    return unsafe CTraceHook_count(object)
  }

  /// A value with the lifetime of this one.
  @_lifetime(copy self)
  private func part(_ object: ObjectAddress?) -> Value? {
    unsafe _overrideLifetime(Value.optional(object), copying: self)
  }

  /// An element of a list or tuple; nil if C code that is still filling it has not set the element.
  @_lifetime(copy self)
  public func item(_ index: Int) -> Value? {
    precondition((kind == .list || kind == .tuple) && index >= 0 && index < count)
    return part(unsafe ObjectAddress(CTraceHook_item(object, index)))
  }

  /// Passes the entries of a dict, or the elements of a set, to `body` in order, until that returns
  /// false. Elements of a set have no value.
  public func forEachEntry(
    _ body: (_ key: borrowing Value, _ value: borrowing Value?) -> Bool
  ) {
    precondition(kind == .dict || kind == .set || kind == .frozenSet)
    var cursor = 0
    var key: UnsafeRawPointer?
    var value: UnsafeRawPointer?
    while unsafe CTraceHook_nextEntry(object, &cursor, &key, &value), let found = unsafe key {
      if !body(unsafe Value(found), unsafe Value.optional(ObjectAddress(value))) { return }
    }
  }

  /// Passes start, stop and step of a range to `body`, in this order.
  func forEachBound(_ body: (borrowing Value) -> Void) {
    precondition(kind == .range)
    // SAFETY: C fills all three.
    unsafe withUnsafeTemporaryAllocation(of: UnsafeRawPointer.self, capacity: 3) { bounds in
      guard let base = bounds.baseAddress else { return }
      unsafe CTraceHook_range(object, base)
      for index in 0..<3 { body(unsafe Value(bounds[index])) }
    }
  }

  /// The object's class.
  public var type: Value {
    @_lifetime(copy self)
    get { unsafe _overrideLifetime(Value(CTraceHook_typeOf(object)), copying: self) }
  }

  /// Whether the object is a class that lives as long as the process and keeps its name.
  var isStatic: Bool {
    unsafe address & Self.literalMark == 0 && CTraceHook_isStatic(object)
  }

  /// Passes the module of a class, empty for `builtins`, and its qualified name to `body`.
  func withTypeName(_ body: (_ module: TextReader, _ name: TextReader) -> Void) {
    // SAFETY: `CTraceHook_typeName` reads a class. Callers pass the `type` of an object, a value of
    // kind `.type`, or the class of an exception event, which the hook has checked.
    var (module, name) = unsafe (CTraceHook_Text(), CTraceHook_Text())
    unsafe CTraceHook_typeName(object, &module, &name)
    unsafe body(TextReader(module), TextReader(name))
  }

  /// The name of a class in CPython's own messages: `tp_name`.
  var typeLabel: TextReader { unsafe TextReader(CTraceHook_typeLabel(object)) }

  /// The name of a function, C function or generator.
  var functionName: TextReader {
    switch kind {
    case .function: return unsafe TextReader(CTraceHook_functionName(object))
    case .generator: return unsafe TextReader(CTraceHook_generatorName(object))
    default: return cFunction.name
    }
  }

  private var cFunction: (name: TextReader, bound: ObjectAddress?) {
    precondition(kind == .cFunction)
    var bound: UnsafeRawPointer?
    let name = unsafe TextReader(CTraceHook_cFunctionName(object, &bound))
    return (name, unsafe ObjectAddress(bound))
  }

  /// The object that a C function is bound to; nil if it is not bound.
  var boundObject: Value? {
    @_lifetime(copy self)
    get { part(cFunction.bound) }
  }

  /// The module of a C function.
  var cFunctionModule: TextReader { unsafe TextReader(CTraceHook_cFunctionModule(object)) }

  /// Passes the digits of an int that does not fit in 64 bits to `body`; returns false if the
  /// interpreter refuses to convert it.
  func withBigIntDigits(_ body: (TextReader) -> Void) -> Bool {
    precondition(kind == .int)
    guard let text = unsafe CTraceHook_bigIntText(object) else { return false }
    body(unsafe TextReader(CTraceHook_string(text)))
    unsafe CTraceHook_release(text)
    return true
  }

  /// Passes the arguments of an exception to `body`, if it has any.
  func withExceptionArguments(_ body: (borrowing Value) -> Void) {
    guard kind != .literal else { return }
    let arguments = unsafe ObjectAddress(CTraceHook_exceptionArguments(object))
    if let arguments { body(Value(arguments)) }
  }
}
