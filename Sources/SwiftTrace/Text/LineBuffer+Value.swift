import CTraceHook

/// The two texts that Python has for an object.
public enum ValueStyle: Sendable {
  /// `str(x)`: the characters of a string, with an escape for those that a terminal could
  /// interpret: `\x1b`.
  case str
  /// `repr(x)`: a string in quotes.
  case repr
}

/// Limits of the text of a value. Omitted parts are shown as `...`.
enum ValueLimits {
  /// Depth of containers in containers.
  static let depth = 6
  /// Elements of a container.
  static let elements = 100
  /// Characters of a string, or bytes of a bytes object.
  static let characters = 500
  /// Bytes of text for a value. After that, all containers are closed.
  static let text = 2_000
  /// Bits of an int, whose conversion takes quadratic time. A larger one is shown by its size.
  static let bits = 1_600
}

extension LineBuffer {
  /// Appends the text of a value: `str()` or `repr()` of an object of exactly a builtin type, and
  /// Python's default `<module.Class object at 0x…>` for any other object. Runs no code of the
  /// program. Bounded in depth, elements and length. Appends nothing for nil.
  public mutating func append(_ value: borrowing Value?, as style: ValueStyle) {
    switch value {
    case .none: break
    case .some(let value): append(value, as: style)
    }
  }

  /// Appends a text and the text of a value; nothing if there is no value, as in a recording
  /// without values.
  mutating func append(_ text: StaticString, _ value: borrowing Value?, as style: ValueStyle) {
    switch value {
    case .none: break
    case .some(let value):
      append(text)
      append(value, as: style)
    }
  }

  /// Appends the text of a value, like the method above.
  public mutating func append(_ value: borrowing Value, as style: ValueStyle) {
    let kind = value.kind
    switch kind {
    case .none: append("None")
    case .int: append(int: value)
    case .string where style == .str: append(plain: value.characters)
    case .literal where style == .str: append(unquoting: value.literal)
    default:
      var path = ContainerPath()
      append(repr: value, of: kind, path: &path, limit: count + ValueLimits.text)
    }
  }

  /// Ends a line with a text and a value; with neither if there is no value.
  @inline(__always)
  mutating func end(_ text: StaticString, _ value: borrowing Value?) {
    switch value {
    case .none: append("\n")
    case .some(let value):
      append(text)
      append(value, as: .str)
      append("\n")
    }
  }

  /// Appends the name of a class, with its module unless that is `builtins`; nothing for nil.
  public mutating func append(className type: borrowing Value?) {
    switch type {
    case .none: break
    case .some(let type): append(typeName: type)
    }
  }

  private mutating func append(plain text: TextReader) {
    if text.count <= ValueLimits.characters, text.appendPlain(to: &self) { return }
    for index in 0..<min(text.count, ValueLimits.characters) { append(printable: text[index]) }
    if text.count > ValueLimits.characters { append("...") }
  }

  /// Appends a text unescaped, up to the limit of strings.
  mutating func append(verbatim text: TextReader) {
    for index in 0..<min(text.count, ValueLimits.characters) { append(codePoint: text[index]) }
    if text.count > ValueLimits.characters { append("...") }
  }

  private mutating func append(
    repr value: borrowing Value, path: inout ContainerPath, limit: Int
  ) {
    append(repr: value, of: value.kind, path: &path, limit: limit)
  }

  private mutating func append(
    repr value: borrowing Value, of kind: ValueKind, path: inout ContainerPath, limit: Int
  ) {
    switch kind {
    case .none: append("None")
    case .true: append("True")
    case .false: append("False")
    case .ellipsis: append("Ellipsis")
    case .notImplemented: append("NotImplemented")
    case .int: append(int: value)
    case .float: append(double: value.double, withPoint: true)
    case .complex: append(complex: value.complex)
    case .string: append(quoted: value.characters, asBytes: false)
    case .bytes:
      append("b")
      append(quoted: value.bytes, asBytes: true)
    case .byteArray:
      append("bytearray(b")
      append(quoted: value.bytes, asBytes: true, escapesSingle: CTraceHook_escapesQuotes())
      append(")")
    case .list, .tuple, .dict, .set, .frozenSet:
      append(container: value, path: &path, limit: limit)
    case .range: append(range: value)
    case .literal: append(value.literal)
    case .type:
      append("<class '")
      append(typeName: value)
      append("'>")
    case .function:
      append("<function ")
      append(plain: value.functionName)
      append(addressOf: value)
    case .cFunction: append(cFunction: value)
    case .generator:
      append("<")
      append(typeName: value.type)
      append(" object ")
      append(plain: value.functionName)
      append(addressOf: value)
    case .other:
      append("<")
      append(typeName: value.type)
      append(" object")
      append(addressOf: value)
    }
  }

  private mutating func append(addressOf value: borrowing Value) {
    append(" at ")
    append(address: value.address)
    append(">")
  }

  private mutating func append(int value: borrowing Value) {
    if let number = value.smallInt { return append("", Decimal(number), "") }
    if let number = value.int64 { return append(decimal: number) }
    if value.bitCount <= ValueLimits.bits, value.withBigIntDigits({ append(plain: $0) }) { return }
    append("<int of ")
    append(decimal: value.bitCount)
    append(" bits>")
  }

  private mutating func append(complex value: (real: Double, imaginary: Double)) {
    // Like CPython: without brackets and the real part if that is a positive zero.
    let isPlain = value.real == 0 && value.real.sign == .plus
    if !isPlain {
      append("(")
      append(double: value.real, withPoint: false)
      let signed = value.imaginary.sign == .minus && !value.imaginary.isNaN
      if !signed { append("+") }
    }
    append(double: value.imaginary, withPoint: false)
    append("j")
    if !isPlain { append(")") }
  }

  private mutating func append(range value: borrowing Value) {
    append("range(")
    var place = 0
    value.forEachBound { bound in
      defer { place += 1 }
      if place == 2, bound.kind == .int, bound.int64 == 1 { return }
      if place > 0 { append(", ") }
      append(bound, asBound: ())
    }
    append(")")
  }

  private mutating func append(_ bound: borrowing Value, asBound: Void) {
    if bound.kind == .int { append(int: bound) } else { append("...") }
  }

  private mutating func append(cFunction value: borrowing Value) {
    switch value.boundObject {
    case .none:
      append("<built-in function ")
      append(plain: value.functionName)
      append(">")
    case .some(let owner):
      append("<built-in method ")
      append(plain: value.functionName)
      append(" of ")
      append(plain: owner.type.typeLabel)
      append(" object")
      append(addressOf: owner)
    }
  }

  /// Appends `module.Class`, without the module if that is `builtins`.
  mutating func append(typeName type: borrowing Value) {
    if type.isLiteral { return append(type.literal) }
    type.withTypeName { module, name in
      if module.count > 0, !module.isEqual(to: "builtins") {
        append(plain: module)
        append(".")
      }
      append(plain: name)
    }
  }

  private mutating func append(
    container value: borrowing Value, path: inout ContainerPath, limit: Int
  ) {
    let kind = value.kind
    if value.count == 0 { return append(emptyContainer: kind) }
    let isKnown = path.contains(value.address)
    append(openingOf: kind)
    if isKnown || path.isFull {
      append("...")
      return append(closingOf: kind)
    }
    path.enter(value.address)
    switch kind {
    case .list, .tuple:
      for index in 0..<value.count {
        if !beginElement(index, limit: limit) { break }
        switch value.item(index) {
        case .none: append("<NULL>")  // Like CPython's own repr().
        case .some(let item): append(repr: item, path: &path, limit: limit)
        }
      }
    default:
      var index = 0
      value.forEachEntry { key, content in
        if !beginElement(index, limit: limit) { return false }
        index += 1
        append(repr: key, path: &path, limit: limit)
        switch content {
        case .none: break
        case .some(let content):
          append(": ")
          append(repr: content, path: &path, limit: limit)
        }
        return true
      }
    }
    path.leave()
    if kind == .tuple, value.count == 1 { append(",") }
    append(closingOf: kind)
  }

  /// Separates elements. Returns false, after an ellipsis, if no more are to be shown.
  private mutating func beginElement(_ index: Int, limit: Int) -> Bool {
    if index > 0 { append(", ") }
    if index < ValueLimits.elements, count < limit { return true }
    append("...")
    return false
  }

  private mutating func append(emptyContainer kind: ValueKind) {
    switch kind {
    case .list: append("[]")
    case .tuple: append("()")
    case .dict: append("{}")
    case .set: append("set()")
    default: append("frozenset()")
    }
  }

  private mutating func append(openingOf kind: ValueKind) {
    switch kind {
    case .list: append("[")
    case .tuple: append("(")
    case .dict, .set: append("{")
    default: append("frozenset({")
    }
  }

  private mutating func append(closingOf kind: ValueKind) {
    switch kind {
    case .list: append("]")
    case .tuple: append(")")
    case .dict, .set: append("}")
    default: append("})")
    }
  }
}

/// The containers around the current value, so that one that contains itself is shown as `[...]`.
private struct ContainerPath {
  private var addresses = InlineArray<6, UInt>(repeating: 0)
  private var count = 0

  var isFull: Bool { count == ValueLimits.depth }

  func contains(_ address: UInt) -> Bool {
    for index in 0..<count where addresses[index] == address { return true }
    return false
  }

  mutating func enter(_ address: UInt) {
    addresses[count] = address
    count += 1
  }

  mutating func leave() { count -= 1 }
}
