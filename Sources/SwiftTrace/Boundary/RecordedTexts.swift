import TraceFormat

/// A text that a recording has kept of a value, in the form that is shown to people: a file may hold
/// any bytes.
@unsafe struct RecordedText {
  let bytes: UnsafeBufferPointer<UInt8>

  /// Makes one that `free` releases.
  ///
  /// - Parameter isVerbatim: whether it is kept unescaped, which only a format with escapes of its
  ///   own may print.
  static func make(_ text: [UInt8], isVerbatim: Bool = false) -> UnsafePointer<RecordedText> {
    let text = isVerbatim ? text : PrintableText.escaped(text)
    let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.count)
    _ = unsafe bytes.initialize(fromContentsOf: text)
    let result = UnsafeMutablePointer<RecordedText>.allocate(capacity: 1)
    unsafe result.initialize(to: RecordedText(bytes: UnsafeBufferPointer(bytes)))
    return unsafe UnsafePointer(result)
  }

  static func free(_ text: UnsafePointer<RecordedText>) {
    unsafe text.pointee.bytes.deallocate()
    unsafe text.deallocate()
  }
}

/// The texts of a call's arguments, in the order of the parameters.
@unsafe struct RecordedArguments {
  let texts: UnsafeBufferPointer<UnsafePointer<RecordedText>>

  /// The text of an argument; `nil` if the argument had no value: no value has an empty text.
  func text(_ index: Int) -> UnsafePointer<RecordedText>? {
    guard index >= 0, unsafe index < texts.count, unsafe !texts[index].pointee.bytes.isEmpty else {
      return nil
    }
    return unsafe texts[index]
  }
}

/// The texts that a recording has kept of one event's values, as the values that strategies know.
@safe package struct RecordedTexts: ~Copyable {
  // SAFETY: owned; freed by `deinit`. The values made of them are bound to this one's lifetime.
  private var texts: [UnsafePointer<RecordedText>] = unsafe []

  package init() {}

  deinit { for index in unsafe texts.indices { unsafe RecordedText.free(texts[index]) } }

  package var isEmpty: Bool { unsafe texts.isEmpty }

  /// Adds a text.
  ///
  /// - Parameter isVerbatim: whether it is kept unescaped, which only a format with escapes of its
  ///   own may print.
  package mutating func append(_ text: [UInt8], isVerbatim: Bool = false) {
    unsafe texts.append(RecordedText.make(text, isVerbatim: isVerbatim))
  }

  /// The value that shows as the text at an index; `nil` if there is none.
  @_lifetime(borrow self)
  package func value(_ index: Int) -> Value? {
    guard unsafe index < texts.count else { return nil }
    return unsafe _overrideLifetime(Value(recorded: texts[index]), borrowing: self)
  }

  /// Gives a frame whose arguments are the texts.
  package func withFrame(_ body: (consuming Frame) throws -> Void) rethrows {
    // SAFETY: the frame does not leave `body`.
    try unsafe texts.withUnsafeBufferPointer { texts in
      var arguments = unsafe RecordedArguments(texts: texts)
      try unsafe withUnsafePointer(to: &arguments) { try unsafe body(Frame(recorded: $0)) }
    }
  }
}

/// A function that a recording has defined, as strategies know functions.
package final class RecordedFunction {
  /// Owned; freed by `deinit`.
  private let record: Pinned<FunctionRecord>
  /// Whether the filter shows it.
  package let isShown: Bool

  package init(_ definition: FunctionDefinition, file: [UInt8], isShown: Bool) {
    record = FunctionRecord.make(definition, file: file)
    self.isShown = isShown
  }

  deinit { FunctionRecord.destroy(record) }

  /// The function, for an event.
  package var function: Function {
    @_lifetime(borrow self)
    get { unsafe _overrideLifetime(Function(record), borrowing: self) }
  }
}
