/// A session's state for one thread: its number and the traced frames on its stack.
///
/// Only its own thread uses it, and the session when the thread has ended.
struct ThreadState {
  /// Stands first, so that its address is the state's.
  private var header = ThreadHeader()
  /// The session frees its threads' states before it ends.
  let session: Unretained<Session>
  let index: Int
  private(set) var stack = FrameStack()
  /// The session's.
  let clock: SharedClock

  // Fields of direct strategies, set by `DirectStrategy.prepare`.

  /// The recording of a recorder.
  var recording: Pinned<RecordingState>?
  /// The thread's writer in that; `nil` before its first event. The recording keeps it until the
  /// thread has ended.
  var writer: Pinned<ThreadWriter>?
  /// The output of a logger of text.
  var text: TextSink.Target?

  /// The stack that is in use, and those that are not: greenlets have a stack each.
  private var current: UInt?
  private var others: [UInt: FrameStack] = [:]
  private var stacksMade: UInt32 = 0

  /// Code that is not traced, called by a traced frame, when it last called back.
  private struct UntracedCall {
    let depth: Int
    let stack: UInt32
    let callerEnteredAt: UInt64
    let entry: UInt
    let site: UInt
  }

  /// Calls of frames that are running, the innermost last.
  private var untracedCalls: [UntracedCall] = []

  init(session: Session, index: Int) {
    self.session = Unretained(session)
    self.index = index
    clock = session.clock
    header.publish(stack.innermost)
    session.direct?.prepare(&self)
  }

  /// Whether the hook may read a state's header at the state's address.
  static var beginsWithHeader: Bool { MemoryLayout<ThreadState>.offset(of: \.header) == 0 }

  static func free(_ state: Pinned<ThreadState>) {
    state.value.stack.destroy()
    for stack in state.value.others.values { stack.destroy() }
    state.destroy()
  }

  /// Tells the hook which frame is the innermost.
  @inline(__always)
  private mutating func publishInnermost() { header.publish(stack.innermost) }

  /// The next events belong to another stack of frames.
  mutating func switchStack(to key: UInt) {
    defer { current = key }
    guard let current, current != key else { return }
    if stack.depth > 0 { others[current] = stack } else { stack.destroy() }
    stack = others.removeValue(forKey: key) ?? makeStack()
    publishInnermost()
  }

  private mutating func makeStack() -> FrameStack {
    stacksMade += 1
    return FrameStack(number: stacksMade)
  }

  @inline(__always)
  var depth: Int { stack.depth }

  /// The function that the innermost frame runs.
  @inline(__always)
  var function: Pinned<FunctionRecord> { header.function }

  @inline(__always)
  mutating func push(_ frame: ObjectAddress, _ function: Pinned<FunctionRecord>, at time: UInt64) {
    stack.push(frame.bits, function, at: time)
    publishInnermost()
  }

  /// Like `push`, but the caller has checked that the stack is not full.
  @inline(__always)
  mutating func pushUnchecked(
    _ frame: ObjectAddress, _ function: Pinned<FunctionRecord>, at time: UInt64
  ) {
    stack.pushUnchecked(frame.bits, function, at: time)
    publishInnermost()
  }

  mutating func pushPlaceholder(_ frame: ObjectAddress) {
    stack.pushPlaceholder(frame)
    publishInnermost()
  }

  /// Takes off the innermost frame, and placeholders below it.
  @inline(__always)
  mutating func pop() -> FrameStack.Entry {
    let entry = stack.pop()
    stack.popPlaceholders()
    publishInnermost()
    return entry
  }

  /// Like `pop`, but a frame below resumes without a call event.
  mutating func pop(
    resuming frame: ObjectAddress, _ function: Pinned<FunctionRecord>?, at time: UInt64
  ) -> FrameStack.Entry {
    let entry = stack.pop()
    stack.popPlaceholders(resuming: frame, function, at: time)
    publishInnermost()
    return entry
  }

  @inline(__always)
  func isLast(_ frame: ObjectAddress) -> Bool { stack.isLast(frame) }

  /// Makes the frame the innermost, if its call was seen.
  mutating func resync(to frame: ObjectAddress) -> Bool {
    defer { publishInnermost() }
    return stack.resync(to: frame)
  }

  /// Whether code that is not traced, called by the innermost frame, is still the code that last
  /// called back. Remembers it for the next time.
  ///
  /// - Parameters:
  ///   - entry: the address of its outermost frame.
  ///   - site: tells its code, and where it was called.
  mutating func isRunning(entry: UInt, site: UInt) -> Bool {
    while let last = untracedCalls.last, last.depth > stack.depth { untracedCalls.removeLast() }
    let call = UntracedCall(
      depth: stack.depth, stack: stack.number, callerEnteredAt: stack.innermost.enteredAt,
      entry: entry, site: site)
    guard let last = untracedCalls.last, last.depth == call.depth else {
      untracedCalls.append(call)
      return false
    }
    untracedCalls[untracedCalls.count - 1] = call
    return last.stack == call.stack && last.callerEnteredAt == call.callerEnteredAt
      && last.entry == entry && last.site == site
  }

  mutating func raise(_ type: ObjectAddress) { stack.raise(type) }

  /// Remembers a static class for the innermost frame, whose entry owns none.
  @inline(__always)
  mutating func raise(static type: ObjectAddress) { stack.raise(static: type) }
}
