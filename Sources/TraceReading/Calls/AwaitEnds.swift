import TraceFormat

/// Knows the StopIteration by which CPython hands over what was awaited: an `exception` event of each `await`
/// and of each turn of an `async for`, though nothing went wrong.
///
/// A program's own StopIteration in a coroutine cannot be told from it; it cannot leave the coroutine.
struct AwaitEnds {
  private static let className = Array("StopIteration".utf8)
  /// `CO_COROUTINE` and `CO_ASYNC_GENERATOR`.
  private static let coroutines: UInt32 = 0x80 | 0x200

  /// Where the text of a class stands that was read last, and whether it was that one.
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
