import TraceFormat

/// A text that a recording has kept of a value, in the form that is shown to people: a file may
/// hold any bytes.
final class RecordedText {
  let text: PaddedText

  /// - Parameter isVerbatim: whether the text is kept unescaped, which only a format with escapes
  ///   of its own may print.
  init(_ text: [UInt8], isVerbatim: Bool) {
    self.text = PaddedText(copying: isVerbatim ? text : PrintableText.escaped(text))
  }

  deinit { text.free() }
}

/// The texts that a recording has kept of one event's values, as the values that strategies know.
package final class RecordedTexts {
  private var texts: [RecordedText] = []

  package init() {}

  package var isEmpty: Bool { texts.isEmpty }

  /// Adds a text.
  ///
  /// - Parameter isVerbatim: whether it is kept unescaped, which only a format with escapes of its
  ///   own may print.
  package func append(_ text: [UInt8], isVerbatim: Bool = false) {
    texts.append(RecordedText(text, isVerbatim: isVerbatim))
  }

  /// Returns the text at an index, or `nil` past the last text.
  func text(_ index: Int) -> RecordedText? { index < texts.count ? texts[index] : nil }

  /// The text of an argument, in the order of the parameters; `nil` if the argument had no value:
  /// no value has an empty text.
  func argument(_ index: Int) -> RecordedText? {
    index >= 0 && index < texts.count && texts[index].text.bound > 0 ? texts[index] : nil
  }
}

/// A function that a recording has defined, as strategies know functions.
package final class RecordedFunction {
  /// Owned; freed by `deinit`.
  let record: Pinned<FunctionRecord>
  /// Whether the filter shows it.
  package let isShown: Bool

  package init(_ definition: FunctionDefinition, file: [UInt8], isShown: Bool) {
    record = FunctionRecord.make(definition, file: file)
    self.isShown = isShown
  }

  deinit { FunctionRecord.destroy(record) }
}
