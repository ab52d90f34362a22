import CTraceHook

/// The session's state for one thread: its number and the traced frames on its stack.
///
/// Only its own thread touches it, and the session when the thread is over.
@safe struct ThreadState {
  // SAFETY: the first field, so that a pointer to it is one to the state. It refers to the
  // innermost frame of `stack`: code that changes that frame calls `show`.
  private var head = unsafe CTraceHook_ThreadHead()
  // SAFETY: the session outlives its threads' states: it frees them before it ends. Unmanaged, so
  // that an event counts no references.
  let session: Unmanaged<Session>
  let index: Int
  private(set) var stack = FrameStack()
  /// The session's.
  let clock: SharedClock

  // SAFETY: the writer belongs to the recording of the session's one recorder, which keeps it until
  // the thread is over. Nil before the recorder has made it, and where the session has other
  // strategies.
  /// The writer that records events.
  var writer: UnsafeMutablePointer<ThreadWriter>?

  /// The target to which the session's one logger of text adds its lines; nil if it has others.
  let text: TextSink.Target?

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
    unsafe self.session = .passUnretained(session)
    self.index = index
    clock = session.clock
    text = session.text?.sink.target
    show()
  }

  /// The state that a head is the beginning of.
  @inline(__always)
  static func of(_ head: UnsafeMutablePointer<CTraceHook_ThreadHead>)
    -> UnsafeMutablePointer<ThreadState>
  {
    // SAFETY: every head that the hook has is one of `make`.
    unsafe UnsafeMutableRawPointer(head).assumingMemoryBound(to: ThreadState.self)
  }

  /// A new state, to be freed by `free`.
  static func make(session: Session, index: Int) -> UnsafeMutablePointer<CTraceHook_ThreadHead> {
    unsafe precondition(MemoryLayout<ThreadState>.offset(of: \.head) == 0)
    let state = UnsafeMutablePointer<ThreadState>.allocate(capacity: 1)
    unsafe state.initialize(to: ThreadState(session: session, index: index))
    return unsafe UnsafeMutableRawPointer(state).assumingMemoryBound(
      to: CTraceHook_ThreadHead.self)
  }

  static func free(_ state: UnsafeMutablePointer<ThreadState>) {
    unsafe state.pointee.stack.destroy()
    for stack in unsafe state.pointee.others.values { stack.destroy() }
    unsafe state.deinitialize(count: 1)
    unsafe state.deallocate()
  }

  /// Tells the hook which frame is the innermost.
  @inline(__always)
  private mutating func show() {
    unsafe head.innermost = stack.innermost.frame
    unsafe head.function = unsafe UnsafeMutableRawPointer(stack.innermost.function)?
      .assumingMemoryBound(to: CTraceHook_FunctionHead.self)
  }

  /// The next events belong to another stack of frames.
  mutating func switchStack(to key: UInt) {
    defer { current = key }
    guard let current, current != key else { return }
    if stack.depth > 0 { others[current] = stack } else { stack.destroy() }
    stack = others.removeValue(forKey: key) ?? makeStack()
    show()
  }

  private mutating func makeStack() -> FrameStack {
    stacksMade += 1
    return FrameStack(number: stacksMade)
  }

  @inline(__always)
  var depth: Int { stack.depth }

  /// The function that the innermost frame runs.
  @inline(__always)
  var function: UnsafeMutablePointer<FunctionRecord> {
    // SAFETY: asked during an event of that frame, whose entry has it.
    unsafe UnsafeMutableRawPointer(head.function!).assumingMemoryBound(to: FunctionRecord.self)
  }

  @inline(__always)
  mutating func push(
    _ frame: UnsafeRawPointer, _ function: UnsafeMutablePointer<FunctionRecord>, at time: UInt64
  ) {
    unsafe stack.push(frame, function, at: time)
    show()
  }

  /// The same where the stack is not full.
  @inline(__always)
  mutating func place(
    _ frame: UnsafeRawPointer, _ function: UnsafeMutablePointer<FunctionRecord>, at time: UInt64
  ) {
    unsafe stack.place(frame, function, at: time)
    show()
  }

  mutating func pushPassed(_ frame: UnsafeRawPointer) {
    unsafe stack.pushPassed(frame)
    show()
  }

  /// Takes off the innermost frame, and frames that were passed below it.
  @inline(__always)
  mutating func pop() -> FrameStack.Entry {
    let entry = unsafe stack.pop()
    stack.popPassed()
    show()
    return unsafe entry
  }

  /// The same, but for a frame below that goes on without a call event.
  mutating func pop(
    butEnter frame: UnsafeRawPointer, _ function: UnsafeMutablePointer<FunctionRecord>?,
    at time: UInt64
  ) -> FrameStack.Entry {
    let entry = unsafe stack.pop()
    unsafe stack.popPassed(butEnter: frame, function, at: time)
    show()
    return unsafe entry
  }

  @inline(__always)
  func isLast(_ frame: UnsafeRawPointer) -> Bool { unsafe stack.isLast(frame) }

  /// Makes the frame the innermost, if its call was seen.
  mutating func settle(_ frame: UnsafeRawPointer) -> Bool {
    defer { show() }
    return unsafe stack.settle(frame)
  }

  /// Whether code that is not traced, called by the innermost frame, is still the same as when it
  /// last called back. It is from now on.
  ///
  /// - Parameters:
  ///   - entry: the address of its outermost frame.
  ///   - site: tells its code, and where it was called.
  mutating func isRunning(entry: UInt, site: UInt) -> Bool {
    while let last = untracedCalls.last, last.depth > stack.depth { untracedCalls.removeLast() }
    let call = unsafe UntracedCall(
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

  mutating func raise(_ type: UnsafeRawPointer) { unsafe stack.raise(type) }

  /// Remembers a static class for the innermost frame, whose entry owns none.
  @inline(__always)
  mutating func raise(static type: UnsafeRawPointer) { unsafe stack.raise(static: type) }
}
