import CTraceHook

/// The code points of a text that CPython stores in units of 1, 2 or 4 bytes.
@safe struct TextReader {
  private let text: CTraceHook_Text

  /// Creates a reader. The text must outlive it; both live for one event.
  @unsafe init(_ text: CTraceHook_Text) { unsafe self.text = text }

  /// Number of code points.
  var count: Int { unsafe text.count }

  /// The code point at an index, which may be a lone surrogate.
  subscript(index: Int) -> UInt32 {
    precondition(index >= 0 && index < count)
    // SAFETY: the index is checked, and `width` is the size of a unit according to the interpreter.
    guard let data = unsafe text.data else { return 0 }
    switch unsafe text.width {
    case 1: return unsafe UInt32(data.loadUnaligned(fromByteOffset: index, as: UInt8.self))
    case 2: return unsafe UInt32(data.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self))
    default: return unsafe data.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
    }
  }

  /// Appends the text to the buffer if all of it is printable ASCII. Otherwise returns false.
  func appendPlain(to buffer: inout LineBuffer) -> Bool {
    // SAFETY: the bytes are the interpreter's storage, borrowed for the call.
    guard unsafe text.is_ascii else { return false }
    let bytes = unsafe UnsafeRawBufferPointer(start: text.data, count: text.count)
    guard unsafe Self.isPrintable(ascii: bytes) else { return false }
    unsafe buffer.append(bytes)
    return true
  }

  /// Whether ASCII bytes have no control character. Tests eight bytes at a time.
  @inline(__always)
  private static func isPrintable(ascii bytes: UnsafeRawBufferPointer) -> Bool {
    let highBits: UInt64 = 0x8080_8080_8080_8080
    var place = 0
    // SAFETY: every read ends within the bytes.
    func isPrintable(at place: Int) -> Bool {
      let word = unsafe bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
      // Adding 0x60 sets the high bit of a byte from the space on; adding 1 sets that of DEL.
      return (word &+ 0x6060_6060_6060_6060) & ~(word &+ 0x0101_0101_0101_0101) & highBits
        == highBits
    }
    guard bytes.count >= 8 else {
      return unsafe bytes.allSatisfy { $0 &- 0x20 < 0x5F }
    }
    while place + 8 <= bytes.count {
      if !isPrintable(at: place) { return false }
      place += 8
    }
    return isPrintable(at: bytes.count - 8)
  }
}
