import CTraceHook

/// What a session keeps for one thread: its number and the traced frames on its stack.
///
/// Only its own thread touches it, and the session when the thread is over.
@safe struct ThreadState {
  // SAFETY: the session outlives its threads' states: it frees them before it ends. Unmanaged, so
  // that an event counts no references.
  let session: Unmanaged<Session>
  let index: Int
  private(set) var stack = FrameStack()

  /// The stack that is in use, and those that are not: greenlets have a stack each.
  private var current: UInt?
  private var others: [UInt: FrameStack] = [:]
  private var stacksMade: UInt32 = 0

  init(session: Session, index: Int) {
    unsafe self.session = .passUnretained(session)
    self.index = index
  }

  func destroy() {
    stack.destroy()
    for stack in others.values { stack.destroy() }
  }

  /// The next events belong to another stack of frames.
  mutating func switchStack(to key: UInt) {
    defer { current = key }
    guard let current, current != key else { return }
    if stack.depth > 0 { others[current] = stack } else { stack.destroy() }
    stack = others.removeValue(forKey: key) ?? makeStack()
  }

  private mutating func makeStack() -> FrameStack {
    stacksMade += 1
    return FrameStack(number: stacksMade)
  }

  @inline(__always)
  var depth: Int { stack.depth }

  @inline(__always)
  mutating func push(_ frame: UnsafeRawPointer, at time: UInt64) {
    unsafe stack.push(frame, at: time)
  }

  mutating func pushPassed(_ frame: UnsafeRawPointer) { unsafe stack.pushPassed(frame) }

  @inline(__always)
  mutating func popPassed() { stack.popPassed() }

  mutating func popPassed(butEnter frame: UnsafeRawPointer, at time: UInt64) {
    unsafe stack.popPassed(butEnter: frame, at: time)
  }

  @inline(__always)
  func isLast(_ frame: UnsafeRawPointer) -> Bool { unsafe stack.isLast(frame) }

  @inline(__always)
  mutating func isInnermost(_ frame: UnsafeRawPointer) -> Bool { unsafe stack.isInnermost(frame) }

  @inline(__always)
  mutating func pop(_ frame: UnsafeRawPointer) -> FrameStack.Entry? { unsafe stack.pop(frame) }

  mutating func raise(_ type: UnsafeRawPointer) { unsafe stack.raise(type) }
}
