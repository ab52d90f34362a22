import CTraceHook

// The handlers of events. C calls them with the GIL held: `head` is the beginning of a ThreadState,
// `function` that of a FunctionRecord, `frame` a frame that is running; except for a call, it is the
// thread's innermost traced one.

let handleCall:
  @convention(c) (
    ThreadPointer, FunctionPointer, UnsafeRawPointer, CTraceHook_Kind, UnsafeRawPointer?
  ) -> CTraceHook_Outcome = { head, function, frame, kind, below in
    let thread = unsafe ThreadState.of(head)
    return thread.value.session.with {
      unsafe $0.call(
        thread, FunctionRecord.of(function), ObjectAddress(frame), kind,
        below: ObjectAddress(below))
    }
  }

let handleLine: @convention(c) (ThreadPointer, UnsafeRawPointer, Int32) -> CTraceHook_Outcome = {
  head, frame, line in
  let thread = unsafe ThreadState.of(head)
  return thread.value.session.with { unsafe $0.line(thread, ObjectAddress(frame), line) }
}

let handleLeave:
  @convention(c) (
    ThreadPointer, UnsafeRawPointer, CTraceHook_Kind, UnsafeRawPointer?, UnsafeRawPointer?
  ) -> CTraceHook_Outcome = { head, frame, kind, value, below in
    let thread = unsafe ThreadState.of(head)
    return thread.value.session.with {
      unsafe $0.leave(
        thread, ObjectAddress(frame), kind, ObjectAddress(value), below: ObjectAddress(below))
    }
  }

let handleException:
  @convention(c) (
    ThreadPointer, UnsafeRawPointer, UnsafeRawPointer, UnsafeRawPointer, UnsafeRawPointer
  ) -> CTraceHook_Outcome = { head, frame, type, exception, traceback in
    let thread = unsafe ThreadState.of(head)
    return thread.value.session.with {
      unsafe $0.exception(
        thread, ObjectAddress(frame), ObjectAddress(type), ObjectAddress(exception),
        ObjectAddress(traceback))
    }
  }

let handleOpcode: @convention(c) (ThreadPointer, UnsafeRawPointer) -> CTraceHook_Outcome = {
  head, frame in
  let thread = unsafe ThreadState.of(head)
  return thread.value.session.with { unsafe $0.opcode(thread, ObjectAddress(frame)) }
}

let handleBuiltin:
  @convention(c) (ThreadPointer, UnsafeRawPointer, CTraceHook_Kind, UnsafeRawPointer?)
    -> CTraceHook_Outcome = { head, frame, kind, function in
      let thread = unsafe ThreadState.of(head)
      return thread.value.session.with {
        unsafe $0.builtin(thread, ObjectAddress(frame), kind, ObjectAddress(function))
      }
    }

// A recorder's, which name the thread's writer after its first event.

let recordCall:
  @convention(c) (
    ThreadPointer, FunctionPointer, UnsafeRawPointer, CTraceHook_Kind, UnsafeRawPointer?
  ) -> CTraceHook_Outcome = { head, function, frame, kind, below in
    defer { unsafe RecordingState.nameWriter(ThreadState.of(head)) }
    return unsafe handleCall(head, function, frame, kind, below)
  }

let recordLine: @convention(c) (ThreadPointer, UnsafeRawPointer, Int32) -> CTraceHook_Outcome = {
  head, frame, line in
  defer { unsafe RecordingState.nameWriter(ThreadState.of(head)) }
  return unsafe handleLine(head, frame, line)
}

let recordLeave:
  @convention(c) (
    ThreadPointer, UnsafeRawPointer, CTraceHook_Kind, UnsafeRawPointer?, UnsafeRawPointer?
  ) -> CTraceHook_Outcome = { head, frame, kind, value, below in
    defer { unsafe RecordingState.nameWriter(ThreadState.of(head)) }
    return unsafe handleLeave(head, frame, kind, value, below)
  }

/// Counts a line, for a session that does nothing else.
let countLine: @convention(c) (UnsafeMutableRawPointer, FunctionPointer, Int32) -> Void = {
  engine, function, line in
  let record = unsafe FunctionRecord.of(function)
  let offset = line &- record.value.firstLine
  if UInt32(bitPattern: offset) < UInt32(bitPattern: record.value.counterCount) {
    // SAFETY: there are as many counters as that, since `LineCounts.name` named them.
    unsafe record.value.counters.unsafelyUnwrapped[Int(offset)] &+= 1
    return
  }
  unsafe Unretained<Session>(at: engine).with { $0.countFirst(line, of: record) }
}

typealias EnterHandler =
  @convention(c) (
    UnsafeMutableRawPointer, FunctionPointer, UnsafePointer<CTraceHook_FunctionHead>?,
    UnsafeRawPointer
  ) -> CTraceHook_Outcome

/// Enters a function for the first time. Afterwards its events are not asked for.
let enterFunction: EnterHandler = { engine, function, _, frame in
  unsafe function.pointee.is_traced = false
  return unsafe Unretained<Session>(at: engine).with {
    unsafe $0.enter(FunctionRecord.of(function), ObjectAddress(frame))
  }
}

/// Enters a function from a caller.
let enterFromCaller: EnterHandler = { engine, function, caller, frame in
  guard let caller = unsafe caller else { return .proceed }
  let record = unsafe FunctionRecord.of(function)
  guard record.isNewCaller(unsafe FunctionRecord.of(UnsafeMutablePointer(mutating: caller))) else {
    return .proceed
  }
  return unsafe Unretained<Session>(at: engine).with {
    unsafe $0.enter(record, ObjectAddress(frame))
  }
}
