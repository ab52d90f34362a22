import CTraceHook

// The handlers of events. C calls them with the GIL held. `head` is the start of a ThreadState,
// `function` the start of a FunctionRecord, and `frame` a running frame: the thread's innermost
// traced frame, except at a call.

let handleCall: CTraceHook_CallHandler = { head, function, kind, frame, below, _ in
  let (thread, function) = unsafe (ThreadState.of(head), FunctionRecord.of(function))
  let (frame, below) = unsafe (ObjectAddress(frame), ObjectAddress(below))
  return thread.value.session.with { $0.call(thread, function, frame, kind, below: below) }
}

let handleLine: CTraceHook_LineHandler = { head, line, frame in
  let (thread, frame) = unsafe (ThreadState.of(head), ObjectAddress(frame))
  return thread.value.session.with { $0.line(thread, frame, line) }
}

let handleLeave: CTraceHook_LeaveHandler = { head, kind, frame, value, below, _ in
  let (thread, frame) = unsafe (ThreadState.of(head), ObjectAddress(frame))
  let (value, below) = unsafe (ObjectAddress(value), ObjectAddress(below))
  return thread.value.session.with { $0.leave(thread, frame, kind, value, below: below) }
}

let handleException: CTraceHook_ExceptionHandler = { head, type, frame, exception, traceback, _ in
  let (thread, frame) = unsafe (ThreadState.of(head), ObjectAddress(frame))
  // In the full tier, neither of the two is NULL.
  let (exception, traceback) = unsafe (ObjectAddress(exception!), ObjectAddress(traceback!))
  return thread.value.session.with {
    unsafe $0.exception(thread, frame, ObjectAddress(type), exception, traceback)
  }
}

let handleInstruction: CTraceHook_InstructionHandler = { head, frame, kind in
  let (thread, frame) = unsafe (ThreadState.of(head), ObjectAddress(frame))
  return thread.value.session.with { $0.instruction(thread, frame, kind) }
}

let handleCCall: CTraceHook_CCallHandler = { head, frame, kind, function in
  let (thread, frame) = unsafe (ThreadState.of(head), ObjectAddress(frame))
  return thread.value.session.with {
    unsafe $0.cCall(thread, frame, kind, ObjectAddress(function))
  }
}
