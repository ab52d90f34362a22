/// A session's state for one thread: its number and its stacks of traced frames.
///
/// Used only by the thread, and by the session when the thread has ended.
struct ThreadState {
  /// First field, because the hook reads the header at the state's address.
  private var header = ThreadHeader()
  /// The session, which frees the states of its threads before it ends.
  let session: Unretained<Session>
  let index: Int
  private(set) var stack = FrameStack()
  /// The session's clock.
  let clock: SharedClock

  // Fields of direct strategies, set by `DirectStrategy.prepare`.

  /// The recording, if the strategy is a recorder.
  var recording: Pinned<RecordingState>?
  /// The thread's writer in that recording; `nil` before its first event. The recording keeps it
  /// until the thread has ended.
  var writer: Pinned<ThreadWriter>?
  /// The output, if the strategy is a text logger.
  var text: TextSink.Target?

  /// Key of the stack that is in use, and the stacks that are not. Each greenlet has its own.
  private var current: UInt?
  private var others: [UInt: FrameStack] = [:]
  private var stacksMade: UInt32 = 0

  /// A call of untraced code by a traced frame, as it was when that code last called traced code.
  private struct UntracedCall {
    let depth: Int
    let stack: UInt32
    let callerEnteredAt: UInt64
    let entry: UInt
    let site: UInt
  }

  /// Untraced calls of frames that are running, innermost last.
  private var untracedCalls: [UntracedCall] = []

  init(session: Session, index: Int) {
    self.session = Unretained(session)
    self.index = index
    clock = session.clock
    header.publish(stack.innermost)
    session.direct?.prepare(&self)
  }

  /// Whether the header is at the state's address.
  static var beginsWithHeader: Bool { MemoryLayout<ThreadState>.offset(of: \.header) == 0 }

  static func free(_ state: Pinned<ThreadState>) {
    state.value.stack.destroy()
    for stack in state.value.others.values { stack.destroy() }
    state.destroy()
  }

  /// Publishes the innermost frame to the hook.
  @inline(__always)
  private mutating func publishInnermost() { header.publish(stack.innermost) }

  /// Switches to the stack of frames to which the next events belong.
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

  /// Removes the innermost frame, and the placeholders below it.
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

  /// Makes a frame the innermost, after missed events. Returns false if its call was not seen.
  mutating func resync(to frame: ObjectAddress) -> Bool {
    defer { publishInnermost() }
    return stack.resync(to: frame)
  }

  /// Whether the untraced code that the innermost frame has called is still in the same call as
  /// when it last called traced code. Stores the call for the next time.
  ///
  /// - Parameters:
  ///   - entry: address of the outermost frame of the untraced code.
  ///   - site: identifies the code of that frame, and the place that called it.
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

  /// Stores a static class for the innermost frame, whose entry owns none.
  @inline(__always)
  mutating func raise(static type: ObjectAddress) { stack.raise(static: type) }
}
