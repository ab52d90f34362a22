import SwiftTrace
import TraceFormat
import TraceReading

/// The frames that are running at a place of a recording, by process, thread and stack: from when
/// they are, and how many of them are shown.
struct ReplayStacks {
  private struct Key: Hashable {
    let file: Int
    let thread: Int
    let stack: UInt32
  }

  private struct Frame {
    /// When it was entered or, if that was not seen, when its first event was; 0 before that.
    var since: UInt64
    /// Whether its beginning was seen.
    var isWhole: Bool
    /// Frames that are shown below it.
    var shownBelow: Int
    var isShown: Bool

    var shown: Int { shownBelow + (isShown ? 1 : 0) }
  }

  /// Frames of which nothing is known are not kept: a file may say any depth.
  private struct Stack {
    /// How many of the frames below the first known one there are, and how many of them are shown.
    var unknown = 0
    var unknownShown = 0
    var frames: [Frame] = []

    /// How many frames are shown.
    var shown: Int { frames.last?.shown ?? unknownShown }
  }

  private var stacks: [Key: Stack] = [:]
  private var key = Key(file: -1, thread: -1, stack: 0)
  private var current = Stack()

  /// Frames that may be missing between two that are known.
  private static let longestGap = 64
  /// Stacks that are remembered. A program with more greenlets at a time loses durations.
  private static let mostStacks = 1 << 16
  /// Frames that are remembered, of one stack and of those that do not run.
  private static let mostFrames = 1 << 19
  private var pausedFrames = 0

  /// Where an event is shown.
  struct Place {
    /// Frames that are shown below its own.
    let depth: Int
    /// Nanoseconds since the frame was entered or, if that was not seen, since its first event.
    let duration: UInt64
    /// Whether the frame's beginning was not seen, so that `duration` is a lower bound.
    let isPartial: Bool
    /// Whether nothing is known of a frame below.
    let isAboveUnknown: Bool
  }

  /// Takes in the next event.
  ///
  /// - Parameters:
  ///   - isShown: whether the event's function is shown.
  ///   - countsAll: whether frames count that are not known: those of before the first event.
  mutating func place(_ event: TraceEvent, isShown: Bool, countsAll: Bool) -> Place {
    let now = Key(file: event.file, thread: event.thread, stack: event.mark.stack)
    if now != key { change(to: now) }
    let depth = Int(max(0, event.mark.depth))
    let known = depth - current.unknown
    if known < 0 || known > current.frames.count + Self.longestGap || known >= Self.mostFrames {
      let shown = known < 0 ? min(current.unknownShown, depth) : current.shown
      current = Stack(unknown: depth, unknownShown: countsAll ? depth : shown)
    } else {
      while current.frames.count < known { push(0, isWhole: false, isShown: countsAll) }
      if current.frames.count > known + 1 {
        current.frames.removeLast(current.frames.count - known - 1)
      }
    }
    let top = depth - current.unknown
    if event.kind.enters || current.frames.count == top {
      if current.frames.count > top { current.frames.removeLast() }
      push(event.mark.time, isWhole: event.kind.enters, isShown: isShown)
    }
    if current.frames[top].since == 0 { current.frames[top].since = event.mark.time }
    let frame = current.frames[top]
    if event.kind.leaves { current.frames.removeLast() }
    return Place(
      depth: countsAll ? depth : frame.shownBelow,
      duration: event.mark.time - min(event.mark.time, frame.since), isPartial: !frame.isWhole,
      isAboveUnknown: current.unknown > 0 || top > 0 && current.frames[0].since == 0)
  }

  private mutating func push(_ time: UInt64, isWhole: Bool, isShown: Bool) {
    current.frames.append(
      Frame(since: time, isWhole: isWhole, shownBelow: current.shown, isShown: isShown))
  }

  private mutating func change(to now: Key) {
    if !current.frames.isEmpty || current.unknown > 0 {
      pausedFrames += current.frames.count
      if stacks.count >= Self.mostStacks || pausedFrames > Self.mostFrames {
        (stacks, pausedFrames) = ([:], current.frames.count)
      }
      stacks[key] = current
    }
    // Taken out, so that it can be changed without a copy.
    current = stacks.removeValue(forKey: now) ?? Stack()
    pausedFrames -= current.frames.count
    key = now
  }
}
