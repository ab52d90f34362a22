import TraceFormat

/// The text of a value in a recording, escaped for people, because a file may contain any bytes.
final class RecordedText {
  let text: PaddedText

  /// - Parameter isVerbatim: whether the text is kept unescaped; only for a format that escapes it
  ///   itself.
  init(_ text: [UInt8], isVerbatim: Bool) {
    self.text = PaddedText(copying: isVerbatim ? text : PrintableText.escaped(text))
  }

  deinit { text.free() }
}

/// The recorded texts of one event's values, which strategies receive as values.
package final class RecordedTexts {
  private var texts: [RecordedText] = []

  package init() {}

  package var isEmpty: Bool { texts.isEmpty }

  /// Appends a text.
  ///
  /// - Parameter isVerbatim: whether it is kept unescaped; only for a format that escapes it
  ///   itself.
  package func append(_ text: [UInt8], isVerbatim: Bool = false) {
    texts.append(RecordedText(text, isVerbatim: isVerbatim))
  }

  /// Returns the text at an index, or `nil` past the last text.
  func text(_ index: Int) -> RecordedText? { index < texts.count ? texts[index] : nil }

  /// The text of an argument, in the order of the parameters; `nil` if the argument had no value.
  /// An empty text means no value, as the text of a value is never empty.
  func argument(_ index: Int) -> RecordedText? {
    index >= 0 && index < texts.count && texts[index].text.bound > 0 ? texts[index] : nil
  }
}

/// A function that a recording defines, which strategies receive as a function.
package final class RecordedFunction {
  /// Owned; freed by `deinit`.
  let record: Pinned<FunctionRecord>
  /// Whether the filter accepts the function.
  package let isShown: Bool

  package init(_ definition: FunctionDefinition, file: [UInt8], isShown: Bool) {
    record = FunctionRecord.make(definition, file: file)
    self.isShown = isShown
  }

  deinit { FunctionRecord.destroy(record) }
}
