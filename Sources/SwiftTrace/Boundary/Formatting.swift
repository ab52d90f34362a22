import CTraceHook

/// Whether `repr()` shows the code point as itself and not as an escape.
func isPrintable(_ codePoint: UInt32) -> Bool { CTraceHook_isPrintable(codePoint) }

extension LineBuffer {
  /// Adds `repr()` of a float, or of a complex number's part, which has no `.0`.
  mutating func append(double number: Double, withPoint: Bool) {
    // SAFETY: C writes at most 32 bytes, and says how many.
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { text in
      guard let base = text.baseAddress else { return }
      let count = unsafe CTraceHook_formatDouble(number, withPoint, base)
      unsafe append(UnsafeRawBufferPointer(start: base, count: count))
    }
  }
}
