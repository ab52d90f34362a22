import CTraceHook

/// The traced frames that are running on one stack, the innermost last.
@safe struct FrameStack {
  /// A traced frame that is running.
  @unsafe struct Entry {
    let frame: UnsafeRawPointer
    let enteredAt: UInt64
    /// The class of the last exception raised in the frame or arrived in it. Owned: a class that
    /// lives a little longer changes nothing that a program can see, an exception would.
    var raised: UnsafeRawPointer?
  }

  // SAFETY: `entries` holds `capacity` entries, of which the first `depth` are initialized. The
  // thread's state owns it, and frees it by `destroy`.
  private(set) var depth = 0
  private var entries: UnsafeMutablePointer<Entry>
  private var capacity = 64

  /// Tells the stacks of a thread apart: 0 for its first.
  let number: UInt32

  init(number: UInt32 = 0) {
    self.number = number
    unsafe entries = .allocate(capacity: 64)
  }

  func destroy() {
    for index in 0..<depth { unsafe Self.release(entries[index].raised) }
    unsafe entries.deallocate()
  }

  /// Remembers the class of an exception for the innermost frame.
  mutating func raise(_ type: UnsafeRawPointer) {
    unsafe CTraceHook_retain(type)
    unsafe Self.release(entries[depth - 1].raised)
    unsafe entries[depth - 1].raised = type
  }

  /// Gives up what an entry that was popped owns.
  @inline(__always)
  static func release(_ raised: UnsafeRawPointer?) {
    if let raised = unsafe raised { unsafe CTraceHook_release(raised) }
  }

  @inline(__always)
  mutating func push(_ frame: UnsafeRawPointer, at time: UInt64) {
    if depth == capacity { grow() }
    unsafe (entries + depth).initialize(to: Entry(frame: frame, enteredAt: time, raised: nil))
    depth += 1
  }

  // Marks an entry of a frame that has had no event since it was put on the interpreter's stack: an
  // exception was thrown through it into the frame above. Frames have even addresses.
  private static var passedMark: UInt { 1 }

  /// Counts a frame for the depth until the frame above is left.
  mutating func pushPassed(_ frame: UnsafeRawPointer) { unsafe push(frame + 1, at: 0) }

  private var hasPassedLast: Bool {
    unsafe depth > 0 && UInt(bitPattern: entries[depth - 1].frame) & Self.passedMark != 0
  }

  /// The frame above has been left, and with it the interpreter has taken these off its stack.
  @inline(__always)
  mutating func popPassed() {
    while hasPassedLast { depth -= 1 }
  }

  /// The same, but for the given frame, if it is the last: it goes on without a call event.
  mutating func popPassed(butEnter frame: UnsafeRawPointer, at time: UInt64) {
    guard unsafe isLast(frame + 1) else { return popPassed() }
    depth -= 1
    unsafe push(frame, at: time)
  }

  /// Whether the frame is the last one that had a call event, and has not been left.
  @inline(__always)
  func isLast(_ frame: UnsafeRawPointer) -> Bool {
    unsafe depth > 0 && entries[depth - 1].frame == frame
  }

  /// Whether the frame is the innermost traced one. Frames that ran before tracing started are not.
  ///
  /// Frames that lie above it have gone unseen, while another trace function was set, and are dropped.
  @inline(__always)
  mutating func isInnermost(_ frame: UnsafeRawPointer) -> Bool {
    if unsafe isLast(frame) { return true }
    return unsafe settle(frame)
  }

  @inline(never)
  private mutating func settle(_ frame: UnsafeRawPointer) -> Bool {
    var place = depth
    while place > 0, unsafe entries[place - 1].frame != frame { place -= 1 }
    if place == 0 { return false }
    for index in place..<depth { unsafe Self.release(entries[index].raised) }
    depth = place
    return true
  }

  /// Takes the innermost frame off, which must be the given one; nil if it is not. The caller
  /// releases what the entry owns.
  @inline(__always)
  mutating func pop(_ frame: UnsafeRawPointer) -> Entry? {
    guard unsafe isInnermost(frame) else { return nil }
    depth -= 1
    return unsafe entries[depth]
  }

  @inline(never)
  private mutating func grow() {
    let larger = UnsafeMutablePointer<Entry>.allocate(capacity: capacity * 2)
    unsafe larger.moveInitialize(from: entries, count: depth)
    unsafe entries.deallocate()
    unsafe entries = larger
    capacity *= 2
  }
}
