import SwiftTrace
import TraceFormat
import TraceReading

/// The running frames of a recording, by process, thread and stack: since when each has been
/// running, and how many are shown.
struct ReplayStacks {
  private struct Key: Hashable {
    let file: Int
    let thread: Int
    let stack: UInt32
  }

  private struct Frame {
    /// Time at which the frame was entered or, if that was not recorded, of its first event; 0
    /// before.
    var since: UInt64
    /// Whether the frame's beginning was recorded.
    var isWhole: Bool
    /// Number of shown frames below it.
    var shownBelow: Int
    var isShown: Bool

    var shown: Int { shownBelow + (isShown ? 1 : 0) }
  }

  /// A stack of frames. The unknown ones below are only counted, because a file may contain any
  /// depth.
  private struct Stack {
    /// Number of frames below the first known one, and number of those that are shown.
    var unknown = 0
    var unknownShown = 0
    var frames: [Frame] = []

    /// Number of frames that are shown.
    var shown: Int { frames.last?.shown ?? unknownShown }
  }

  private var stacks: [Key: Stack] = [:]
  private var key = Key(file: -1, thread: -1, stack: 0)
  private var current = Stack()

  /// Maximum number of missing frames between two known ones.
  private static let longestGap = 64
  /// Maximum number of stacks. With more greenlets at once, durations are lost.
  private static let mostStacks = 1 << 16
  /// Maximum number of frames, of one stack and of all that do not run.
  private static let mostFrames = 1 << 19
  private var pausedFrames = 0

  /// Depth and duration of an event.
  struct Place {
    /// Number of shown frames below its own.
    let depth: Int
    /// Nanoseconds since the frame was entered or, if that was not recorded, since its first event.
    let duration: UInt64
    /// Whether the frame's beginning was not recorded, so that `duration` is a lower bound.
    let isPartial: Bool
    /// Whether there are unknown frames below.
    let isAboveUnknown: Bool
  }

  /// Processes the next event.
  ///
  /// - Parameters:
  ///   - isShown: whether the event's function is shown.
  ///   - countsAll: whether unknown frames, which began before the first event, count as shown.
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
    // Removed, so that it can be changed without a copy.
    current = stacks.removeValue(forKey: now) ?? Stack()
    pausedFrames -= current.frames.count
    key = now
  }
}
