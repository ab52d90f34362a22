import CTraceHook

// The handlers of events. C calls them with the GIL held: `head` is the beginning of a ThreadState,
// `function` that of a FunctionRecord, `frame` a frame that is running; except for a call, it is
// the thread's innermost traced one.

let handleCall: CTraceHook_CallHandler = { head, function, frame, kind, below in
  let (thread, function) = unsafe (ThreadState.of(head), FunctionRecord.of(function))
  let (frame, below) = unsafe (ObjectAddress(frame), ObjectAddress(below))
  return thread.value.session.with { $0.call(thread, function, frame, kind, below: below) }
}

let handleLine: CTraceHook_LineHandler = { head, frame, line in
  let (thread, frame) = unsafe (ThreadState.of(head), ObjectAddress(frame))
  return thread.value.session.with { $0.line(thread, frame, line) }
}

let handleLeave: CTraceHook_LeaveHandler = { head, frame, kind, value, below in
  let (thread, frame) = unsafe (ThreadState.of(head), ObjectAddress(frame))
  let (value, below) = unsafe (ObjectAddress(value), ObjectAddress(below))
  return thread.value.session.with { $0.leave(thread, frame, kind, value, below: below) }
}

let handleException: CTraceHook_ExceptionHandler = { head, frame, type, exception, traceback in
  let (thread, frame) = unsafe (ThreadState.of(head), ObjectAddress(frame))
  return thread.value.session.with {
    unsafe $0.exception(
      thread, frame, ObjectAddress(type), ObjectAddress(exception), ObjectAddress(traceback))
  }
}

let handleOpcode: CTraceHook_OpcodeHandler = { head, frame in
  let (thread, frame) = unsafe (ThreadState.of(head), ObjectAddress(frame))
  return thread.value.session.with { $0.opcode(thread, frame) }
}

let handleBuiltin: CTraceHook_CCallHandler = { head, frame, kind, function in
  let (thread, frame) = unsafe (ThreadState.of(head), ObjectAddress(frame))
  return thread.value.session.with {
    unsafe $0.builtin(thread, frame, kind, ObjectAddress(function))
  }
}

// A recorder's, which name the thread's writer after its first event.

let recordCall: CTraceHook_CallHandler = { head, function, frame, kind, below in
  defer { unsafe RecordingState.nameWriter(ThreadState.of(head)) }
  return unsafe handleCall(head, function, frame, kind, below)
}

let recordLine: CTraceHook_LineHandler = { head, frame, line in
  defer { unsafe RecordingState.nameWriter(ThreadState.of(head)) }
  return unsafe handleLine(head, frame, line)
}

let recordLeave: CTraceHook_LeaveHandler = { head, frame, kind, value, below in
  defer { unsafe RecordingState.nameWriter(ThreadState.of(head)) }
  return unsafe handleLeave(head, frame, kind, value, below)
}

/// Counts a line, for a session that does nothing else.
let countLine: CTraceHook_CountHandler = { engine, function, line in
  let record = unsafe FunctionRecord.of(function)
  let offset = line &- record.value.firstLine
  if UInt32(bitPattern: offset) < UInt32(bitPattern: record.value.counterCount) {
    // SAFETY: there are as many counters as that, since `LineCounts.name` named them.
    unsafe record.value.counters.unsafelyUnwrapped[Int(offset)] &+= 1
    return
  }
  unsafe Unretained<Session>(at: engine).with { $0.countFirst(line, of: record) }
}

/// Enters a function for the first time. Afterwards its events are not asked for.
let enterFunction: CTraceHook_EnterHandler = { engine, function, _, frame in
  let (record, frame) = unsafe (FunctionRecord.of(function), ObjectAddress(frame))
  record.value.head.is_traced = false
  return unsafe Unretained<Session>(at: engine).with { $0.enter(record, frame) }
}

/// Enters a function from a caller.
let enterFromCaller: CTraceHook_EnterHandler = { engine, function, caller, frame in
  guard let caller = unsafe UnsafeMutablePointer(mutating: caller) else { return .proceed }
  let (record, frame) = unsafe (FunctionRecord.of(function), ObjectAddress(frame))
  guard record.isNewCaller(unsafe FunctionRecord.of(caller)) else { return .proceed }
  return unsafe Unretained<Session>(at: engine).with { $0.enter(record, frame) }
}
