/// A copy of a frame's state at an event, which can be kept.
public struct FrameSnapshot: Sendable, Equatable {
  /// The code that the frame ran.
  public let code: CodeObject
  /// The line that the frame was at, 1-based.
  public let line: Int32
  /// The variables that had a value.
  public let locals: [Local]

  /// A variable.
  public struct Local: Sendable, Equatable {
    /// The variable's name.
    public let name: String
    /// The bounded `repr()` of its value, made without running the program's code.
    public let text: String
  }
}

extension Frame {
  /// A copy that can be kept after the event; nil for a frame made by hand. Allocates.
  public func snapshot() -> FrameSnapshot? {
    guard let code else { return nil }
    var locals: [FrameSnapshot.Local] = []
    forEachLocal { name, value in
      var text = LineBuffer(capacity: 64)
      text.append(value, as: .repr)
      locals.append(FrameSnapshot.Local(name: name, text: text.string))
    }
    return FrameSnapshot(code: code, line: line, locals: locals)
  }
}
