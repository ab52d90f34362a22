import CTraceHook

// The handlers of events, one for each kind. C calls them with the GIL held: `head` is the beginning of a
// ThreadState, `function` that of a FunctionRecord, `frame` a frame that is running; except for a call, it is
// the thread's innermost traced one.

let handleCall:
  @convention(c) (
    ThreadPointer, FunctionPointer, UnsafeRawPointer, CTraceHook_Kind, UnsafeRawPointer?
  ) -> CTraceHook_Outcome = { head, function, frame, kind, below in
    let thread = unsafe ThreadState.of(head)
    return unsafe thread.pointee.session._withUnsafeGuaranteedRef {
      unsafe $0.call(thread, FunctionRecord.of(function), frame, kind, below: below)
    }
  }

let handleLine: @convention(c) (ThreadPointer, UnsafeRawPointer, Int32) -> CTraceHook_Outcome = {
  head, frame, line in
  let thread = unsafe ThreadState.of(head)
  return unsafe thread.pointee.session._withUnsafeGuaranteedRef {
    unsafe $0.line(thread, frame, line)
  }
}

let handleLeave:
  @convention(c) (
    ThreadPointer, UnsafeRawPointer, CTraceHook_Kind, UnsafeRawPointer?, UnsafeRawPointer?
  ) -> CTraceHook_Outcome = { head, frame, kind, value, below in
    let thread = unsafe ThreadState.of(head)
    return unsafe thread.pointee.session._withUnsafeGuaranteedRef {
      unsafe $0.leave(thread, frame, kind, value, below: below)
    }
  }

let handleException:
  @convention(c) (
    ThreadPointer, UnsafeRawPointer, UnsafeRawPointer, UnsafeRawPointer, UnsafeRawPointer
  ) -> CTraceHook_Outcome = { head, frame, type, exception, traceback in
    let thread = unsafe ThreadState.of(head)
    return unsafe thread.pointee.session._withUnsafeGuaranteedRef {
      unsafe $0.exception(thread, frame, type, exception, traceback)
    }
  }

let handleOpcode: @convention(c) (ThreadPointer, UnsafeRawPointer) -> CTraceHook_Outcome = {
  head, frame in
  let thread = unsafe ThreadState.of(head)
  return unsafe thread.pointee.session._withUnsafeGuaranteedRef {
    unsafe $0.opcode(thread, frame)
  }
}

let handleBuiltin:
  @convention(c) (ThreadPointer, UnsafeRawPointer, CTraceHook_Kind, UnsafeRawPointer?)
    -> CTraceHook_Outcome = { head, frame, kind, function in
      let thread = unsafe ThreadState.of(head)
      return unsafe thread.pointee.session._withUnsafeGuaranteedRef {
        unsafe $0.builtin(thread, frame, kind, function)
      }
    }
