import TraceFormat
import TraceReading

/// The frames that are running at a place of a recording, by process, thread and stack: from when they are,
/// and how many of them are shown.
struct ReplayStacks {
  private struct Key: Hashable {
    let file: Int
    let thread: Int
    let stack: UInt32
  }

  private struct Frame {
    var enteredAt: UInt64
    var isShown: Bool
  }

  private var stacks: [Key: [Frame]] = [:]
  private var key = Key(file: -1, thread: -1, stack: 0)
  private var frames: [Frame] = []

  /// Where an event is shown.
  struct Place {
    /// Frames that are shown below its own.
    let depth: Int
    /// Nanoseconds since the frame was entered; 0 where that is not known.
    let duration: UInt64
  }

  /// Takes in the next event.
  ///
  /// - Parameters:
  ///   - isShown: whether the event's function is shown.
  ///   - countsAll: whether frames count that are not known: those of before the first event.
  mutating func place(_ event: TraceEvent, isShown: Bool, countsAll: Bool) -> Place {
    let now = Key(file: event.file, thread: event.thread, stack: event.mark.stack)
    if now != key {
      stacks[key] = frames
      frames = stacks[now] ?? []
      key = now
    }
    let depth = Int(max(0, event.mark.depth))
    while frames.count < depth { frames.append(Frame(enteredAt: 0, isShown: countsAll)) }
    if frames.count > depth + 1 { frames.removeLast(frames.count - depth - 1) }
    if event.kind.enters || frames.count == depth {
      let frame = Frame(enteredAt: event.kind.enters ? event.mark.time : 0, isShown: isShown)
      if frames.count == depth { frames.append(frame) } else { frames[depth] = frame }
    }
    let shown = countsAll ? depth : frames[..<depth].count { $0.isShown }
    let start = frames[depth].enteredAt
    if event.kind.leaves { frames.removeLast() }
    return Place(depth: shown, duration: start == 0 ? 0 : event.mark.time - start)
  }
}
