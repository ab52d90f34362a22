extension Value {
  /// Of an int: its value, or nil if 64 bits do not hold it.
  public var int64: Int64? {
    let (value, isExact) = nearestInt64
    return isExact ? value : nil
  }

  /// Of an int: its value, or the nearest that 64 bits hold.
  package var clampedInt64: Int64 { nearestInt64.value }

  /// Of a str: its characters, made into a `String`.
  public var string: String { characters.string }

  /// Of a bytes or bytearray: its bytes, copied.
  public var byteArray: [UInt8] {
    let bytes = bytes
    return (0..<bytes.count).map { UInt8(truncatingIfNeeded: bytes[$0]) }
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
      module: builtinModule.string,
      name: functionName.string, boundType: boundType)
  }
}
