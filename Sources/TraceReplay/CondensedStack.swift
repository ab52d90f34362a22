import SwiftTrace
import TraceFormat

/// Leaves out and folds the calls of one stack of frames.
///
/// A call is held while it may still be left out, because it is not known to last long enough, or
/// be folded into the one before. Lines are held within it. What is held does not exceed `mostHeld`
/// bytes by more than a line: beyond that the outermost held call is shown, whatever it turns out
/// to be.
struct CondensedStack {
  /// What is left out and folded.
  struct Rules {
    /// Nanoseconds that a call must last to be shown.
    var minDuration: UInt64 = 0
    /// Whether calls that follow each other and did the same are shown once.
    var folds = false
    /// How many calls are shown within another one.
    var maxChildren = Int.max
  }

  private struct Frame {
    let depth: Int
    let function: UInt32
    var name: [UInt8]
    let enteredAt: UInt64
    var call: ReplayLine
    /// The held text of what happened in it.
    var body: [UInt8] = []
    var isHeld: Bool
    /// Whether it, and so what is in it, is one child too many.
    var isLeftOut = false
    /// Whether there is text within it.
    var hasInside = false
    /// What happened in it, as a hash: kinds of events, functions and lines in their order.
    var shape: UInt64
    /// The last calls in it, which the next one may be added to.
    var group: CallGroup?
    var children = 0
    var more = 0
    var moreTime: UInt64 = 0
    var moreBeginning: [UInt8] = []

    var size: Int { isHeld ? 256 + call.bytes.count + body.count : 0 }
  }

  /// One event, as this needs it.
  struct Step {
    let mark: EventHeader
    let kind: EventKind
    /// Frames that are shown below its own.
    let depth: Int
    /// Nanoseconds since its frame was entered; 0 where that is not known.
    let duration: UInt64
    let line: ReplayLine
    /// What is shown for several such events whose values differ; may be empty.
    let name: [UInt8]
  }

  private static let mostHeld = 1 << 20
  /// Frames that are followed. When there are more, what is held of them is shown, and their ends
  /// stand for themselves.
  private static let mostFrames = 1 << 14
  /// Bytes of a line that is kept after it was shown.
  private static let longestKept = 4096

  private let rules: Rules
  /// The first stands for what is below all calls.
  private var frames: [Frame]
  /// Frames that text of the frames above them does not pass: held or left out. Ascending.
  private var barriers: [Int] = []
  /// How many frames, from the outermost, are known to last long enough.
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

  /// Whether nothing is running and nothing is to be written.
  var isEmpty: Bool { frames.count == 1 && frames[0].group == nil && frames[0].more == 0 }

  /// Takes in the next event, and gives what is to be written now.
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

  /// Gives what is held at the end. A call whose end is not known is shown.
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

  /// Counts a call among the children of another; false where it is one too many.
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

  /// Takes in that frames have lasted long enough by now.
  private mutating func settle(_ now: UInt64) {
    while settled < frames.count, now &- frames[settled].enteredAt >= rules.minDuration {
      settled += 1
      let index = settled - 1
      if !rules.folds || frames[index].hasInside && !mayFold(index) { release(index) }
    }
  }

  /// Whether a call with text in it may be like the one before.
  private func mayFold(_ index: Int) -> Bool {
    guard rules.folds, frames[index].isHeld, let group = frames[index - 1].group else {
      return false
    }
    return group.isWritten && group.function == frames[index].function
  }

  /// Ends the holding of a call: it is shown, or left out as one too many.
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
    // Calls that follow are compared with its line. A long one is not kept for that.
    if frames[index].call.bytes.count > Self.longestKept {
      (frames[index].call, frames[index].name) = (ReplayLine(), [])
    }
  }

  /// Takes in that there is text within a frame.
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

  /// Writes what is to stand after the last call in a frame.
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

  /// Ends frames whose own end is not known, down to a depth.
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
