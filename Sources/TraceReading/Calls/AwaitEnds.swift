import TraceFormat

/// Recognizes the StopIteration through which CPython passes an awaited value: each `await`, and
/// each iteration of an `async for`, has an `exception` event for it, although no error occurred.
///
/// A StopIteration that the program itself raises in a coroutine cannot be distinguished from it,
/// but it cannot leave the coroutine either.
struct AwaitEnds {
  private static let className = Array("StopIteration".utf8)
  /// `CO_COROUTINE | CO_ASYNC_GENERATOR`.
  private static let coroutines: UInt32 = 0x80 | 0x200

  /// Offset of the class name that was looked up last, and whether it was `StopIteration`.
  private var place: UInt64 = 0
  private var isKnown = false

  /// Whether an exception event is that of an `await`.
  mutating func isEnd(_ event: DecodedEvent, in thread: WalkedThread) -> Bool {
    guard event.hasTexts, let first = thread.texts(of: event).first else { return false }
    if first != place {
      place = first
      isKnown = thread.file.text(at: first) == Self.className
    }
    guard isKnown, let function = thread.file.function(event.mark.function) else { return false }
    return function.flags & Self.coroutines != 0
  }
}
