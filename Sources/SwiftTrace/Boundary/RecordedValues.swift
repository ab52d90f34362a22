// Values, frames and functions of a recording. Their lifetimes are those of the objects that own
// the texts.

extension RecordedTexts {
  /// Returns the value whose text is at an index; `nil` after the last text.
  @_lifetime(borrow self)
  package func value(_ index: Int) -> Value? {
    guard let text = text(index) else { return nil }
    return unsafe _overrideLifetime(Value(recorded: text), borrowing: self)
  }

  /// A frame that has the texts as its arguments.
  package var frame: Frame {
    @_lifetime(borrow self)
    get { unsafe _overrideLifetime(Frame(recorded: self), borrowing: self) }
  }
}

extension RecordedFunction {
  /// The function, for an event.
  package var function: Function {
    @_lifetime(borrow self)
    get { unsafe _overrideLifetime(Function(record), borrowing: self) }
  }
}

extension Value {
  /// A value without an interpreter that is shown as the given text, to test strategies with events
  /// made by hand. Its memory is never freed.
  @_lifetime(immortal)
  public init(literal text: StaticString) {
    let text = RecordedText(Array("\(text)".utf8), isVerbatim: true)
    _ = unsafe Unmanaged.passRetained(text)
    self.init(recorded: text)
  }
}
