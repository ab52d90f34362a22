import TraceReading

/// A text that a recording has kept of a value, as it is shown to people: a file may have any
/// bytes.
@unsafe struct RecordedText {
  let bytes: UnsafeBufferPointer<UInt8>

  /// Makes one that is never freed.
  ///
  /// - Parameter isVerbatim: whether it stays as it is, which only a format with escapes of its own
  ///   may print.
  static func make(_ text: [UInt8], isVerbatim: Bool = false) -> UnsafePointer<RecordedText> {
    let text = isVerbatim ? text : PrintableText.escaped(text)
    let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.count)
    _ = unsafe bytes.initialize(fromContentsOf: text)
    let result = UnsafeMutablePointer<RecordedText>.allocate(capacity: 1)
    unsafe result.initialize(to: RecordedText(bytes: UnsafeBufferPointer(bytes)))
    return unsafe UnsafePointer(result)
  }

  /// Frees one.
  static func free(_ text: UnsafePointer<RecordedText>) {
    unsafe text.pointee.bytes.deallocate()
    unsafe text.deallocate()
  }
}

/// The texts of a call's arguments, in the order of the parameters.
@unsafe struct RecordedArguments {
  let texts: UnsafeBufferPointer<UnsafePointer<RecordedText>>

  /// Nil for an argument that had no value: no value has an empty text.
  func text(_ index: Int) -> UnsafePointer<RecordedText>? {
    guard index >= 0, unsafe index < texts.count, unsafe !texts[index].pointee.bytes.isEmpty else {
      return nil
    }
    return unsafe texts[index]
  }
}
