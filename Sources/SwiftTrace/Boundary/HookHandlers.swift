import CTraceHook

/// The handlers with which a session is registered: those of every session, of which a direct
/// strategy may replace some.
@safe struct HookHandlers {
  // SAFETY: the hook calls them with the arguments that `EventHandlers.swift` and
  // `SessionHandlers.swift` describe.
  var table: CTraceHook_Handlers

  /// Retains the session, until the hook calls `over`.
  init(_ session: Session) {
    unsafe table = CTraceHook_Handlers(
      engine: Unmanaged.passRetained(session).toOpaque(),
      define: defineFunction, forget: forgetFunction, evaluateFilter: evaluateFilter,
      enterThread: enterThread, leaveThread: leaveThread, over: sessionOver,
      switchStack: switchStack, resync: resyncStack, beforeFork: beforeFork, afterFork: afterFork,
      exhausted: memoryExhausted, ended: sessionEnded, fast: CTraceHook_EventHandlers(),
      full: CTraceHook_EventHandlers(
        call: handleCall, generator: handleCall, line: handleLine, leave: handleLeave,
        exception: handleException),
      instruction: handleInstruction, cCall: handleCCall, enterIndirectly: nil, count: nil,
      enter: nil)
    session.direct?.install(in: &self)
  }

  /// Sets the fast tier. Without a handler of exceptions, it stores exceptions, because they may
  /// leave their frames.
  @unsafe mutating func setFast(
    call: CTraceHook_CallHandler?, generator: CTraceHook_CallHandler?,
    line: CTraceHook_LineHandler? = nil,
    leave: CTraceHook_LeaveHandler?, exception: CTraceHook_ExceptionHandler? = nil
  ) {
    unsafe table.fast = CTraceHook_EventHandlers(
      call: call, generator: generator, line: line, leave: leave,
      exception: exception ?? rememberException)
  }
}

/// Stores an exception that may leave its frame, for strategies that receive no exceptions.
private let rememberException: CTraceHook_ExceptionHandler = { head, type, _, _, _, _ in
  let thread = unsafe ThreadState.of(head)
  guard !thread.value.stack.innermost.isOwner else { return .declined }
  thread.value.raise(static: unsafe ObjectAddress(type))
  return .proceed
}
