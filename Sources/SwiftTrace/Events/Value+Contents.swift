extension Value {
  /// The value of an int, or nil if it does not fit in 64 bits.
  public var int64: Int64? {
    let (value, isExact) = nearestInt64
    return isExact ? value : nil
  }

  /// The value of an int, clamped to 64 bits.
  package var clampedInt64: Int64 { nearestInt64.value }

  /// The characters of a str, as a `String`.
  public var string: String { characters.string }

  /// A copy of the bytes of a bytes or bytearray.
  public var byteArray: [UInt8] {
    let bytes = bytes
    return (0..<bytes.count).map { UInt8(truncatingIfNeeded: bytes[$0]) }
  }

  /// A description of a C function; nil for any other value.
  var cFunctionDescription: CFunction? {
    guard kind == .cFunction else { return nil }
    var boundType: String?
    if case .some(let object) = boundObject {
      var name = LineBuffer(capacity: 32)
      name.append(typeName: object.type)
      boundType = name.string
    }
    return CFunction(
      module: cFunctionModule.string,
      name: functionName.string, boundType: boundType)
  }
}

extension Value {
  /// The value at an address; nil if there is none.
  @_lifetime(immortal) @inline(__always)
  static func optional(_ object: ObjectAddress?) -> Value? {
    guard let object else { return nil }
    return Value(object)
  }
}
