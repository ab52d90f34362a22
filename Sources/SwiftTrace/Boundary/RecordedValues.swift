// Values, frames and functions of a recording: their lifetimes are those of the objects that own
// the texts.

extension RecordedTexts {
  /// Returns the value that shows as the text at an index, or `nil` past the last text.
  @_lifetime(borrow self)
  package func value(_ index: Int) -> Value? {
    guard let text = text(index) else { return nil }
    return unsafe _overrideLifetime(Value(recorded: text), borrowing: self)
  }

  /// A frame whose arguments are the texts.
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
  /// A value that no interpreter knows and that shows as the given text, for trying strategies on
  /// events made by hand. Its memory is never freed.
  @_lifetime(immortal)
  public init(literal text: StaticString) {
    let text = RecordedText(Array("\(text)".utf8), isVerbatim: true)
    _ = unsafe Unmanaged.passRetained(text)
    self.init(recorded: text)
  }
}
