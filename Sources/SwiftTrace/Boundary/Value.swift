import CTraceHook

/// A Python object as a tracer may look at it: without running any code of the program's.
///
/// Only objects of exactly a builtin type are looked into. Valid during the event.
@safe public struct Value: ~Copyable, ~Escapable {
  // SAFETY: a `PyObject *` that the interpreter, or the object it was reached from, keeps alive
  // until the event is handled; or, with its highest bit set, which no address has, a
  // `RecordedText`, which whoever made the value keeps as long.
  private let object: UnsafeRawPointer

  @_lifetime(immortal)
  package init(_ object: UnsafeRawPointer) { unsafe self.object = object }

  @_lifetime(immortal) @inline(__always)
  init(_ object: ObjectAddress) { unsafe self.object = object.pointer }

  /// The value at an address that may be missing.
  @_lifetime(immortal) @inline(__always)
  static func optional(_ object: ObjectAddress?) -> Value? {
    guard let object else { return nil }
    return Value(object)
  }

  /// The object, for a call into C.
  func withUnsafePointer<Result>(_ body: (UnsafeRawPointer) throws -> Result) rethrows -> Result {
    try unsafe body(object)
  }

  /// A value that no interpreter knows and that shows as the given text, for trying strategies on
  /// events made by hand.
  @_lifetime(immortal)
  public init(literal text: StaticString) {
    self = unsafe Value(recorded: RecordedText.make(Array("\(text)".utf8), isVerbatim: true))
  }

  /// A value of which a recording has kept the text, as `repr()` gives it.
  @_lifetime(immortal)
  init(recorded text: UnsafePointer<RecordedText>) {
    unsafe object = UnsafeRawPointer(bitPattern: UInt(bitPattern: text) | Self.literalMark)!
  }

  private static var literalMark: UInt { 1 << 63 }

  /// What kind of object it is.
  public var kind: ValueKind {
    if isLiteral { return .literal }
    return ValueKind(unsafe CTraceHook_valueKind(object))
  }

  /// Whether it is a text, and no object.
  @inline(__always)
  var isLiteral: Bool { address & Self.literalMark != 0 }

  /// Of a literal: its text.
  var literal: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      precondition(kind == .literal)
      let text = unsafe UnsafePointer<RecordedText>(bitPattern: address & ~Self.literalMark)!
      return unsafe _overrideLifetime(text.pointee.bytes.span, borrowing: self)
    }
  }

  /// Where the object stands in memory: `id()`.
  public var address: UInt { UInt(bitPattern: unsafe object) }

  /// Of an int: its value, or nil where 64 bits do not hold it.
  public var int64: Int64? {
    precondition(kind == .int)
    var result: Int64 = 0
    return unsafe CTraceHook_int64(object, &result) ? result : nil
  }

  /// The value of an int, or the nearest that 64 bits hold.
  package var clampedInt64: Int64 {
    precondition(kind == .int)
    var result: Int64 = 0
    _ = unsafe CTraceHook_int64(object, &result)
    return result
  }

  /// Of a small int: its value; nil of any other object.
  var smallInt: Int64? {
    var result: Int64 = 0
    return unsafe CTraceHook_smallInt(object, &result) ? result : nil
  }

  /// Of an int: the bits of its absolute value.
  public var bitCount: Int {
    precondition(kind == .int)
    return Int(unsafe CTraceHook_bitCount(object))
  }

  /// Of a float: its value.
  public var double: Double {
    precondition(kind == .float)
    return unsafe CTraceHook_double(object)
  }

  /// Of a complex: both parts.
  public var complex: (real: Double, imaginary: Double) {
    precondition(kind == .complex)
    var real = 0.0
    var imaginary = 0.0
    unsafe CTraceHook_complex(object, &real, &imaginary)
    return (real, imaginary)
  }

  /// Of a str: its characters, made into a `String`.
  public var string: String { characters.string }

  /// Of a str: its characters.
  var characters: TextReader {
    precondition(kind == .string)
    return unsafe TextReader(CTraceHook_string(object))
  }

  /// Of a bytes or bytearray: its bytes.
  var bytes: TextReader {
    precondition(kind == .bytes || kind == .byteArray)
    return unsafe TextReader(CTraceHook_bytes(object))
  }

  /// Of a bytes or bytearray: its bytes, copied.
  public var byteArray: [UInt8] {
    let bytes = bytes
    return (0..<bytes.count).map { UInt8(truncatingIfNeeded: bytes[$0]) }
  }

  /// Of a list, tuple, dict, set or frozenset: the number of elements.
  public var count: Int {
    precondition(kind.isContainer)
    return unsafe CTraceHook_count(object)
  }

  /// An element of a list or tuple; nil if C code, which is still filling it, has not set that.
  @_lifetime(copy self)
  public func item(_ index: Int) -> Value? {
    precondition((kind == .list || kind == .tuple) && index >= 0 && index < count)
    guard let item = unsafe CTraceHook_item(object, index) else { return nil }
    return unsafe _overrideLifetime(Value(item), copying: self)
  }

  /// Gives the entries of a dict, or the elements of a set, in order, until `body` returns false.
  /// A set's have no value.
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

  /// Of a range: start, stop and step, in turn.
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

  /// Of a class: whether it lives as long as the process, and keeps its name.
  var isStatic: Bool {
    unsafe address & Self.literalMark == 0 && CTraceHook_isStatic(object)
  }

  /// Of a class: its module, empty for `builtins`, and its qualified name.
  func withTypeName(_ body: (_ module: TextReader, _ name: TextReader) -> Void) {
    // SAFETY: `CTraceHook_typeName` reads a class. Callers pass the `type` of an object, a value of
    // kind `.type`, or the class of an exception event, which the hook has checked.
    var module = unsafe CTraceHook_Text()
    var name = unsafe CTraceHook_Text()
    unsafe CTraceHook_typeName(object, &module, &name)
    body(unsafe TextReader(module), unsafe TextReader(name))
  }

  /// Of a class: the name that CPython's own texts have for it, `tp_name`.
  var typeLabel: TextReader { unsafe TextReader(CTraceHook_typeLabel(object)) }

  /// Of a function, builtin or generator: its name.
  var functionName: TextReader {
    switch kind {
    case .function: return unsafe TextReader(CTraceHook_functionName(object))
    case .generator: return unsafe TextReader(CTraceHook_generatorName(object))
    default:
      precondition(kind == .builtin)
      var bound: UnsafeRawPointer?
      return unsafe TextReader(CTraceHook_builtinName(object, &bound))
    }
  }

  /// Of a builtin: the object that it is bound to.
  var boundObject: Value? {
    @_lifetime(copy self)
    get {
      precondition(kind == .builtin)
      var bound: UnsafeRawPointer?
      _ = unsafe CTraceHook_builtinName(object, &bound)
      guard let bound = unsafe bound else { return nil }
      return unsafe _overrideLifetime(Value(bound), copying: self)
    }
  }

  /// Of a builtin: what is known of it. Of any other value: nil.
  var builtinFunction: BuiltinFunction? {
    guard kind == .builtin else { return nil }
    var boundType: String?
    if case .some(let object) = boundObject {
      var name = LineBuffer(capacity: 32)
      name.append(typeName: object.type)
      boundType = name.string
    }
    return BuiltinFunction(
      module: unsafe TextReader(CTraceHook_builtinModule(object)).string,
      name: functionName.string, boundType: boundType)
  }

  /// Of an int that `int64` cannot give: its digits, or nil where the interpreter refuses.
  func withBigIntDigits(_ body: (TextReader) -> Void) -> Bool {
    precondition(kind == .int)
    guard let text = unsafe CTraceHook_bigIntText(object) else { return false }
    body(unsafe TextReader(CTraceHook_string(text)))
    unsafe CTraceHook_release(text)
    return true
  }

  /// Of an exception: its arguments, if it has any.
  func withExceptionArguments(_ body: (borrowing Value) -> Void) {
    guard kind != .literal else { return }
    unsafe withUnsafePointer { object in
      if let arguments = unsafe CTraceHook_exceptionArguments(object) {
        body(unsafe Value(arguments))
      }
    }
  }
}
