import CTraceHook
import TraceFormat

/// The traced frames that are running on one stack, the innermost last.
@safe struct FrameStack {
  /// A traced frame that is running.
  @unsafe struct Entry {
    let frame: UnsafeRawPointer?
    /// What it runs; nil of a frame that has had no event.
    let function: UnsafeMutablePointer<FunctionRecord>?
    let enteredAt: UInt64
    /// The address of the class of the last exception raised in the frame or arrived in it, 0 for
    /// none; with 1 added where the class is static, and need not be owned.
    fileprivate var exception: UInt = 0

    /// That class. Owned, unless it is static: a class that lives a little longer changes nothing
    /// that a program can see, an exception would.
    var raised: UnsafeRawPointer? { unsafe UnsafeRawPointer(bitPattern: exception & ~1) }

    /// Whether the entry, when it has been popped, is to be released.
    @inline(__always)
    var isOwner: Bool { unsafe exception != 0 && exception & 1 == 0 }
  }

  // SAFETY: `entries` holds `capacity + 1` entries, of which the first `depth + 1` are initialized:
  // one that stands for no frame, and the frames'. The thread's state owns it, and frees it by
  // `destroy`.
  private(set) var depth = 0
  private var entries: UnsafeMutablePointer<Entry>
  private var capacity = 64

  /// Tells the stacks of a thread apart: 0 for its first.
  let number: UInt32

  /// An address that no frame has, nor the NULL of a thread in which none runs: the hook compares
  /// it unseen.
  private static var noFrame: UnsafeRawPointer? { unsafe UnsafeRawPointer(bitPattern: 2) }

  init(number: UInt32 = 0) {
    self.number = number
    unsafe entries = .allocate(capacity: 65)
    unsafe entries.initialize(
      to: Entry(frame: Self.noFrame, function: nil, enteredAt: 0))
  }

  func destroy() {
    for index in 0...depth { unsafe Self.release(entries[index]) }
    unsafe entries.deallocate()
  }

  /// The innermost frame, or one that stands for no frame.
  @inline(__always)
  var innermost: Entry { unsafe entries[depth] }

  /// Whether another frame needs more memory.
  @inline(__always)
  var isFull: Bool { depth == capacity }

  /// Remembers the class of an exception for the innermost frame.
  mutating func raise(_ type: UnsafeRawPointer) {
    let isStatic = unsafe CTraceHook_isStatic(type)
    if !isStatic { unsafe CTraceHook_retain(type) }
    unsafe Self.release(entries[depth])
    unsafe entries[depth].exception = UInt(bitPattern: type) | (isStatic ? 1 : 0)
  }

  /// The same of a static class, where the innermost frame's entry owns none.
  @inline(__always)
  mutating func raise(static type: UnsafeRawPointer) {
    unsafe entries[depth].exception = UInt(bitPattern: type) | 1
  }

  /// Gives up what an entry that was popped owns.
  @inline(__always)
  static func release(_ entry: Entry) {
    if unsafe entry.isOwner { unsafe CTraceHook_release(entry.raised!) }
  }

  @inline(__always)
  mutating func push(
    _ frame: UnsafeRawPointer, _ function: UnsafeMutablePointer<FunctionRecord>?, at time: UInt64
  ) {
    if isFull, !grow() { return }
    unsafe place(frame, function, at: time)
  }

  /// The same where the stack is not full.
  @inline(__always)
  mutating func place(
    _ frame: UnsafeRawPointer, _ function: UnsafeMutablePointer<FunctionRecord>?, at time: UInt64
  ) {
    depth &+= 1
    unsafe (entries + depth).initialize(
      to: Entry(frame: frame, function: function, enteredAt: time))
  }

  // Marks an entry of a frame that has had no event since it was put on the interpreter's stack: an
  // exception was thrown through it into the frame above. Frames have even addresses.
  private static var passedMark: UInt { 1 }

  /// Counts a frame for the depth until the frame above is left.
  mutating func pushPassed(_ frame: UnsafeRawPointer) { unsafe push(frame + 1, nil, at: 0) }

  @inline(__always)
  private var hasPassedLast: Bool {
    unsafe UInt(bitPattern: entries[depth].frame) & Self.passedMark != 0
  }

  /// The frame above has been left, and with it the interpreter has taken these off its stack.
  @inline(__always)
  mutating func popPassed() {
    while hasPassedLast { depth -= 1 }
  }

  /// The same, but for the given frame, if it is the last: it goes on without a call event.
  mutating func popPassed(
    butEnter frame: UnsafeRawPointer, _ function: UnsafeMutablePointer<FunctionRecord>?,
    at time: UInt64
  ) {
    guard unsafe isLast(frame + 1) else { return popPassed() }
    depth -= 1
    unsafe push(frame, function, at: time)
  }

  /// Whether the frame is the last one that had a call event, and has not been left.
  @inline(__always)
  func isLast(_ frame: UnsafeRawPointer) -> Bool { unsafe entries[depth].frame == frame }

  /// Whether the frame is a traced one of this stack, which becomes the innermost then: frames that
  /// lie above it have gone unseen, while another trace function was set, and are dropped. Frames
  /// that ran before tracing started are none of it.
  mutating func settle(_ frame: UnsafeRawPointer) -> Bool {
    var place = depth
    while place > 0, unsafe entries[place].frame != frame { place -= 1 }
    if place == 0 { return false }
    while depth > place {
      unsafe Self.release(entries[depth])
      depth -= 1
    }
    return true
  }

  /// Takes the innermost frame off. The caller releases what the entry owns.
  @inline(__always)
  mutating func pop() -> Entry {
    depth -= 1
    return unsafe entries[depth + 1]
  }

  /// False if there is no memory for it: the session ends after the event.
  @inline(never)
  private mutating func grow() -> Bool {
    let size = unsafe (capacity * 2 + 1) * MemoryLayout<Entry>.stride
    guard MemoryReserve.canAllocate(size) else {
      MemoryReserve.use()
      return false
    }
    let larger = UnsafeMutablePointer<Entry>.allocate(capacity: capacity * 2 + 1)
    unsafe larger.moveInitialize(from: entries, count: depth + 1)
    unsafe entries.deallocate()
    unsafe entries = larger
    capacity *= 2
    return true
  }
}
