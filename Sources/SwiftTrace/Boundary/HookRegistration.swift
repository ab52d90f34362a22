import CTraceHook

/// A session that is registered with the interpreter.
@safe struct HookRegistration {
  // SAFETY: the session object that `CTraceHook_start` gave; released by `stop`, which is called
  // once, by the session that owns this value.
  private let object: UnsafeMutableRawPointer

  /// Registers the trace function in every thread.
  ///
  /// - Throws: the `PythonException` with which the interpreter refused.
  init(_ session: Session) throws {
    let interests = session.plan.interests
    var handlers = unsafe CTraceHook_Handlers(
      engine: Unmanaged.passRetained(session).toOpaque(),
      define: defineFunction, forget: forgetFunction,
      enterThread: enterThread, leaveThread: leaveThread,
      over: sessionOver,
      switchStack: switchStack, settle: settleStack, beforeFork: beforeFork,
      afterFork: afterFork,
      call: handleCall, line: handleLine, leave: handleLeave, exception: handleException,
      builtin: handleBuiltin)
    var wanted: CTraceHook_Wanted = []
    if interests.contains(.line) { wanted.insert(.lines) }
    // A frame that is left by an exception says which.
    if !interests.isDisjoint(with: [.exception, .return]) { wanted.insert(.exceptions) }
    if interests.contains(.opcode) { wanted.insert(.opcodes) }
    if interests.contains(.builtin) { wanted.insert(.builtins) }
    let started = unsafe CTraceHook_start(&handlers, session.coversAllThreads, wanted)
    guard let object = unsafe started else {
      unsafe Unmanaged.passUnretained(session).release()
      throw PythonException.current
    }
    unsafe self.object = object
  }

  /// The functions of other tools that the start has found, in words for people; nil if none.
  var conflict: String? {
    let others = unsafe CTraceHook_others(object)
    let hidden = "was set before; it gets no events until tracing ends"
    if others.contains([.hidden, .hiddenProfile]) {
      return "another trace function and another profile function were set before; "
        + "they get no events until tracing ends"
    }
    if others.contains(.hidden) { return "another trace function \(hidden)" }
    if others.contains(.hiddenProfile) { return "another profile function \(hidden)" }
    return others.contains(.standing)
      ? "another trace function was set before in another thread; only this thread is traced" : nil
  }

  /// Registers the trace function in threads that came since the last event.
  ///
  /// - Throws: the `PythonException` with which the interpreter refused.
  func coverNewThreads() throws {
    guard unsafe CTraceHook_adoptThreads(object) else { throw PythonException.current }
  }

  /// Takes the trace function out of every thread. Returns whether all threads still had it.
  func stop() -> Bool { unsafe CTraceHook_stop(object) }
}

// The handlers. C calls them with what `HookRegistration` gave it, with the GIL held: `engine` is the
// session, which stays alive until it is stopped, `thread` a ThreadState that `enterThread` made.

private let defineFunction:
  @convention(c) (UnsafePointer<CTraceHook_Code>) -> UnsafeMutableRawPointer =
    { code in unsafe UnsafeMutableRawPointer(FunctionRecord.make(code)) }

private let forgetFunction: @convention(c) (UnsafeMutableRawPointer) -> Void = { function in
  unsafe FunctionRecord.destroy(function.assumingMemoryBound(to: FunctionRecord.self))
}

private let enterThread: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer = {
  engine in
  let session = unsafe Unmanaged<Session>.fromOpaque(engine).takeUnretainedValue()
  let thread = UnsafeMutablePointer<ThreadState>.allocate(capacity: 1)
  unsafe thread.initialize(to: ThreadState(session: session, index: session.threadsEntered))
  session.threadsEntered += 1
  return UnsafeMutableRawPointer(thread)
}

private let leaveThread: @convention(c) (UnsafeMutableRawPointer) -> Void = { thread in
  let thread = unsafe thread.assumingMemoryBound(to: ThreadState.self)
  unsafe thread.pointee.session._withUnsafeGuaranteedRef { session in
    unsafe session.threadEnded(thread.pointee.index)
  }
  unsafe thread.pointee.destroy()
  unsafe thread.deinitialize(count: 1)
  unsafe thread.deallocate()
}

private let sessionOver: @convention(c) (UnsafeMutableRawPointer) -> Void = { engine in
  // The reference that `HookRegistration.init` made.
  unsafe Unmanaged<Session>.fromOpaque(engine).release()
}

private let switchStack: @convention(c) (UnsafeMutableRawPointer, UnsafeRawPointer?) -> Void =
  { thread, stack in
    let thread = unsafe thread.assumingMemoryBound(to: ThreadState.self)
    unsafe thread.pointee.switchStack(to: UInt(bitPattern: stack))
  }

private let settleStack: @convention(c) (UnsafeMutableRawPointer, UnsafeRawPointer) -> Bool = {
  thread, frame in
  unsafe thread.assumingMemoryBound(to: ThreadState.self).pointee.isInnermost(frame)
}

private let beforeFork: @convention(c) (UnsafeMutableRawPointer) -> CTraceHook_Outcome = {
  engine in
  unsafe Unmanaged<Session>.fromOpaque(engine)._withUnsafeGuaranteedRef { $0.flush() }
}

private let afterFork: @convention(c) (UnsafeMutableRawPointer) -> Void = { engine in
  unsafe Unmanaged<Session>.fromOpaque(engine)._withUnsafeGuaranteedRef { session in
    session.messages.forked()
    for runner in session.plan.runners { runner.forked() }
  }
}

private typealias Handler =
  @convention(c) (UnsafeMutableRawPointer, UnsafePointer<CTraceHook_Event>) -> CTraceHook_Outcome

private let handleCall: Handler = { thread, event in
  let thread = unsafe thread.assumingMemoryBound(to: ThreadState.self)
  return unsafe thread.pointee.session._withUnsafeGuaranteedRef { unsafe $0.call(thread, event) }
}

private let handleLine: Handler = { thread, event in
  let thread = unsafe thread.assumingMemoryBound(to: ThreadState.self)
  return unsafe thread.pointee.session._withUnsafeGuaranteedRef { unsafe $0.line(thread, event) }
}

private let handleLeave: Handler = { thread, event in
  let thread = unsafe thread.assumingMemoryBound(to: ThreadState.self)
  return unsafe thread.pointee.session._withUnsafeGuaranteedRef { unsafe $0.leave(thread, event) }
}

private let handleException: Handler = { thread, event in
  let thread = unsafe thread.assumingMemoryBound(to: ThreadState.self)
  return unsafe thread.pointee.session._withUnsafeGuaranteedRef {
    unsafe $0.exception(thread, event)
  }
}

private let handleBuiltin: Handler = { thread, event in
  let thread = unsafe thread.assumingMemoryBound(to: ThreadState.self)
  return unsafe thread.pointee.session._withUnsafeGuaranteedRef {
    unsafe $0.builtin(thread, event)
  }
}
