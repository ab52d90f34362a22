import TraceFormat

extension LineBuffer {
  /// Appends the `repr()` of a float, or of a part of a complex number, which has no `.0`.
  ///
  /// Swift finds the same digits as CPython, in a fifth of the time: the fewest that identify the
  /// number, and of these the closest. The layout is CPython's.
  mutating func append(double number: Double, withPoint: Bool) {
    guard number.isFinite else {
      return number.isNaN ? append("nan") : number < 0 ? append("-inf") : append("inf")
    }
    if number.sign == .minus { append("-") }
    var digits = ShortestDigits(number.magnitude)
    // CPython's rule for an exponent.
    let exponent = digits.pointPlace > 16 || digits.pointPlace < -3 ? digits.pointPlace - 1 : nil
    if exponent != nil { digits.pointPlace = 1 }
    append(digits, withPoint: withPoint && exponent == nil)
    if let exponent {
      append(exponent < 0 ? "e-" : "e+")
      if abs(exponent) < 10 { append("0") }
      append(decimal: abs(exponent))
    }
  }

  private mutating func append(_ digits: ShortestDigits, withPoint: Bool) {
    if digits.pointPlace <= 0 {
      append("0.")
      append("0", times: -digits.pointPlace)
    }
    for index in 0..<digits.count {
      if index == digits.pointPlace, index > 0 { append(".") }
      append(byte: digits[index])
    }
    guard digits.pointPlace >= digits.count else { return }
    append("0", times: digits.pointPlace - digits.count)
    if withPoint { append(".0") }
  }
}

/// The fewest decimal digits that identify a number.
private struct ShortestDigits {
  private var digits = InlineArray<17, UInt8>(repeating: 0)
  private(set) var count = 0
  /// Number of digits before the point; negative if there are zeros between the point and the first
  /// digit.
  var pointPlace = 0

  subscript(index: Int) -> UInt8 { digits[index] }

  /// - Parameter number: a finite number that is not negative.
  init(_ number: Double) {
    var exponent = 0
    var isExponent = false
    var isNegative = false
    var isBehindPoint = false
    var zeros = 0
    // The description is like `12.5`, `0.001` or `1e-07`.
    MemoryReserve.ensure(256)
    for byte in number.description.utf8 {
      switch byte {
      case UInt8(ascii: "."): isBehindPoint = true
      case UInt8(ascii: "e"): isExponent = true
      case UInt8(ascii: "-"): isNegative = true
      case UInt8(ascii: "+"): break
      case _ where isExponent: exponent = exponent * 10 + Int(byte - 0x30)
      case 0x30:
        // Leading zeros move the point. Later zeros are digits only if others follow.
        if count == 0 { pointPlace -= isBehindPoint ? 1 : 0 } else { zeros += 1 }
        if count > 0, !isBehindPoint { pointPlace += 1 }
      default:
        while zeros > 0 {
          digits[count] = 0x30
          count += 1
          zeros -= 1
        }
        digits[count] = byte
        count += 1
        if !isBehindPoint { pointPlace += 1 }
      }
    }
    pointPlace += isNegative ? -exponent : exponent
    if count == 0 {
      // Zero.
      digits[0] = 0x30
      count = 1
      pointPlace = 1
    }
  }
}
