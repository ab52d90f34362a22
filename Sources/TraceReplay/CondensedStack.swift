import SwiftTrace
import TraceFormat

/// Omits and folds the calls of one stack of frames.
///
/// A call is held, with the lines in it, as long as it may still be omitted as too short or folded
/// into the previous one. When the held text exceeds `mostHeld` bytes, the outermost held call is
/// released early.
struct CondensedStack {
  /// Conditions under which calls are omitted or folded.
  struct Rules {
    /// Minimum duration of a call to be shown, in nanoseconds.
    var minDuration: UInt64 = 0
    /// Whether consecutive calls in which the same happened are shown once.
    var folds = false
    /// Maximum number of calls that are shown within another one.
    var maxChildren = Int.max
  }

  private struct Frame {
    let depth: Int
    let function: UInt32
    var name: [UInt8]
    let enteredAt: UInt64
    var call: ReplayLine
    /// Held text of the events in the call.
    var body: [UInt8] = []
    var isHeld: Bool
    /// Whether the call is omitted, with all that is inside, because it exceeds `maxChildren`.
    var isLeftOut = false
    /// Whether there is text inside the call.
    var hasInside = false
    /// Hash of the kinds, functions and lines of the events in the call, in their order.
    var shape: UInt64
    /// The last calls in it, to which the next one may be added.
    var group: CallGroup?
    var children = 0
    var more = 0
    var moreTime: UInt64 = 0
    var moreBeginning: [UInt8] = []

    var size: Int { isHeld ? 256 + call.bytes.count + body.count : 0 }
  }

  /// An event of the stack.
  struct Step {
    let mark: EventHeader
    let kind: EventKind
    /// Number of shown frames below its own.
    let depth: Int
    /// Nanoseconds since its frame was entered; 0 if unknown.
    let duration: UInt64
    let line: ReplayLine
    /// Content of the line if calls with different values are folded; may be empty.
    let name: [UInt8]
  }

  private static let mostHeld = 1 << 20
  /// Maximum number of frames. If there are more, all held calls are released, and the ends of
  /// these frames are later shown like other lines.
  private static let mostFrames = 1 << 14
  /// Maximum length in bytes of a call's line that is kept after it has been shown.
  private static let longestKept = 4096

  private let rules: Rules
  /// The running calls, outermost first. `frames[0]` is a sentinel for the root.
  private var frames: [Frame]
  /// Indices of frames that are held or omitted, ascending. Text of the frames above does not pass
  /// them.
  private var barriers: [Int] = []
  /// Number of frames, from the outermost, that have reached `minDuration`.
  private var settled = 1
  private var held = 0
  private var out: [UInt8] = []

  init(_ rules: Rules) {
    self.rules = rules
    frames = [
      Frame(
        depth: -1, function: 0, name: [], enteredAt: 0, call: ReplayLine(), isHeld: false, shape: 0)
    ]
  }

  /// Whether no call is running and no text is left to write.
  var isEmpty: Bool { frames.count == 1 && frames[0].group == nil && frames[0].more == 0 }

  /// Processes the next event. Returns the text that can be written now.
  mutating func take(_ step: Step) -> [UInt8] {
    close(downTo: step.kind.enters ? step.depth : step.depth + 1)
    if step.kind.enters { enter(step) }
    settle(step.mark.time)
    if !step.kind.enters {
      if step.kind.leaves, frames.count > 1, frames[frames.count - 1].depth == step.depth {
        leave(step)
      } else if !step.line.bytes.isEmpty {
        let top = frames.count - 1
        flushGroup(top)
        mix(
          UInt64(step.kind.rawValue) << 32 | UInt64(UInt32(bitPattern: step.mark.line)), into: top)
        write(step.line.bytes, at: top)
      }
    }
    while held > Self.mostHeld, let first = barriers.first(where: { frames[$0].isHeld }) {
      release(first)
    }
    if frames.count > Self.mostFrames { close(downTo: 0) }
    defer { out = [] }
    return out
  }

  /// Returns the held text, at the end of the recording. A call without a recorded end is shown.
  mutating func finish() -> [UInt8] {
    close(downTo: 0)
    endChildren(0)
    defer { out = [] }
    return out
  }

  private mutating func enter(_ step: Step) {
    let frame = Frame(
      depth: step.depth, function: step.mark.function, name: step.name,
      enteredAt: step.mark.time, call: step.line, isHeld: true,
      shape: UInt64(step.kind.rawValue) << 32 | UInt64(step.mark.function))
    held += frame.size
    barriers.append(frames.count)
    frames.append(frame)
  }

  private mutating func leave(_ step: Step) {
    let index = frames.count - 1
    guard index < settled || !frames[index].isHeld else { return pop() }
    endChildren(index)
    mix(UInt64(step.kind.rawValue), into: index)
    if step.kind == .unwind { for byte in step.line.content { mix(UInt64(byte), into: index) } }
    let frame = frames[index]
    if rules.folds, frame.isHeld, !frame.call.bytes.isEmpty {
      if let group = frames[index - 1].group, group.function == frame.function,
        group.shape == frame.shape, group.isWritten == frame.hasInside
      {
        frames[index - 1].group?.add(frame.call, step.line, time: step.duration)
        mix(frame.shape, into: index - 1)
        return pop()
      }
      if !frame.hasInside {
        flushGroup(index - 1)
        if admit(frame, in: index - 1) {
          inside(index - 1)
          frames[index - 1].group = group(frame, step, isWritten: false)
        } else {
          frames[index - 1].moreTime &+= step.duration
        }
        mix(frame.shape, into: index - 1)
        return pop()
      }
    }
    release(index)
    write(step.line.bytes, at: index)
    let isLeftOut = frames[index].isLeftOut
    pop()
    if isLeftOut {
      frames[index - 1].moreTime &+= step.duration
    } else if rules.folds, !frame.call.bytes.isEmpty {
      frames[index - 1].group = group(frame, step, isWritten: true)
    }
    mix(frame.shape, into: index - 1)
  }

  private func group(_ frame: Frame, _ step: Step, isWritten: Bool) -> CallGroup {
    CallGroup(
      function: frame.function, shape: frame.shape, call: frame.call, leave: step.line,
      names: (frame.name, step.name), time: step.duration, isWritten: isWritten)
  }

  /// Counts a call among the children of another. Returns false if that exceeds `maxChildren`.
  private mutating func admit(_ frame: Frame, in parent: Int) -> Bool {
    if frame.call.bytes.isEmpty { return true }
    if frames[parent].children < rules.maxChildren {
      frames[parent].children += 1
      return true
    }
    if frames[parent].more == 0 { frames[parent].moreBeginning = Array(frame.call.beginning) }
    frames[parent].more += 1
    return false
  }

  /// Updates `settled` for the time of an event.
  private mutating func settle(_ now: UInt64) {
    while settled < frames.count, now &- frames[settled].enteredAt >= rules.minDuration {
      settled += 1
      let index = settled - 1
      if !rules.folds || frames[index].hasInside && !mayFold(index) { release(index) }
    }
  }

  /// Whether a call with text inside may still be folded into the previous one.
  private func mayFold(_ index: Int) -> Bool {
    guard rules.folds, frames[index].isHeld, let group = frames[index - 1].group else {
      return false
    }
    return group.isWritten && group.function == frames[index].function
  }

  /// Stops holding a call: shows it, or omits it if it exceeds `maxChildren`.
  private mutating func release(_ index: Int) {
    guard frames[index].isHeld else { return }
    flushGroup(index - 1)
    held -= frames[index].size
    frames[index].isHeld = false
    let text = frames[index].call.bytes + frames[index].body
    frames[index].body = []
    if admit(frames[index], in: index - 1) {
      if barriers.first == index {
        barriers.removeFirst()
      } else if let place = barriers.lastIndex(of: index) {
        barriers.remove(at: place)
      }
      write(text, at: index - 1)
    } else {
      frames[index].isLeftOut = true
    }
    // Later calls are compared with its line. A long one is not kept for that.
    if frames[index].call.bytes.count > Self.longestKept {
      (frames[index].call, frames[index].name) = (ReplayLine(), [])
    }
  }

  /// Notes that there is text inside a call.
  private mutating func inside(_ index: Int) {
    guard !frames[index].hasInside else { return }
    frames[index].hasInside = true
    if index < settled, !mayFold(index) { release(index) }
  }

  private mutating func write(_ text: [UInt8], at index: Int) {
    guard !text.isEmpty else { return }
    inside(index)
    guard let barrier = barriers.last(where: { $0 <= index }) else {
      out += text
      return
    }
    if frames[barrier].isLeftOut { return }
    frames[barrier].body += text
    held += text.count
  }

  private mutating func flushGroup(_ index: Int) {
    guard let group = frames[index].group else { return }
    frames[index].group = nil
    write(group.text, at: index)
  }

  /// Writes the text that follows the last call in a frame.
  private mutating func endChildren(_ index: Int) {
    flushGroup(index)
    guard frames[index].more > 0 else { return }
    var line = LineBuffer(capacity: 128)
    let beginning = frames[index].moreBeginning
    line.append(beginning.span)
    line.append("… ")
    line.append(grouped: frames[index].more)
    line.append(frames[index].more == 1 ? " more call  " : " more calls  ")
    line.append(duration: frames[index].moreTime)
    line.append("\n")
    frames[index].more = 0
    write(line.withBytes { Array(copying: $0) }, at: index)
  }

  /// Closes frames whose ends were not recorded, down to a depth.
  private mutating func close(downTo depth: Int) {
    guard frames[frames.count - 1].depth >= depth else { return }
    // Depths ascend.
    var first = frames.count
    while first > 1, frames[first - 1].depth >= depth { first -= 1 }
    for index in first..<frames.count { release(index) }
    while frames[frames.count - 1].depth >= depth {
      endChildren(frames.count - 1)
      pop()
    }
  }

  private mutating func pop() {
    let frame = frames.removeLast()
    held -= frame.size
    settled = min(settled, frames.count)
    if barriers.last == frames.count { barriers.removeLast() }
  }

  private mutating func mix(_ value: UInt64, into index: Int) {
    let hash = (frames[index].shape ^ value) &* 0x9E37_79B9_7F4A_7C15
    frames[index].shape = hash ^ hash >> 29
  }
}
