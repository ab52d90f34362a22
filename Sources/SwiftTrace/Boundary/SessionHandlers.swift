import CTraceHook
import TraceFormat

// The handlers of everything but events. C calls them with the GIL held. `engine` is the session
// that `HookHandlers` retained, which stays alive until it is over. `head` is the start of a
// ThreadState that `enterThread` made, and `function` that of a FunctionRecord that
// `defineFunction` made.

let defineFunction: @convention(c) (UnsafePointer<CTraceHook_Code>) -> FunctionPointer =
  { code in
    let described = unsafe code.pointee
    let units = unsafe described.name.count + described.qualified_name.count + described.file.count
    let parameters = unsafe described.positional_count + described.keyword_only_count
    MemoryReserve.ensure(MemoryReserve.usual + 32 * units + 1024 * Int(parameters))
    precondition(MemoryLayout<FunctionRecord>.offset(of: \.head) == 0)
    return unsafe FunctionRecord.make(CodeDescription(described)).header
  }

let forgetFunction: @convention(c) (UnsafeMutableRawPointer) -> Void = { function in
  unsafe FunctionRecord.destroy(
    FunctionRecord.of(function.assumingMemoryBound(to: CTraceHook_FunctionHeader.self)))
}

typealias FilterHandler =
  @convention(c) (UnsafeMutableRawPointer, FunctionPointer, UnsafeRawPointer) -> Bool

let evaluateFilter: FilterHandler = { engine, function, frame in
  unsafe Unretained<Session>(at: engine).with { session in
    MemoryReserve.ensure()
    _ = unsafe session.decide(FunctionRecord.of(function), Frame(ObjectAddress(frame)))
    return session.goesOn()
  }
}

let enterThread: @convention(c) (UnsafeMutableRawPointer) -> ThreadPointer = { engine in
  MemoryReserve.ensure()
  let session = unsafe Unmanaged<Session>.fromOpaque(engine).takeUnretainedValue()
  defer { session.threadsEntered += 1 }
  return unsafe ThreadState.makeHeader(session: session, index: session.threadsEntered)
}

let leaveThread: @convention(c) (ThreadPointer) -> Void = { head in
  let thread = unsafe ThreadState.of(head)
  thread.value.session.with { $0.threadEnded(thread.value.index) }
  ThreadState.free(thread)
}

let sessionOver: @convention(c) (UnsafeMutableRawPointer) -> Void = { engine in
  // Releases the reference that `HookHandlers.init` made.
  unsafe Unmanaged<Session>.fromOpaque(engine).release()
}

let memoryExhausted: @convention(c) () -> Void = { MemoryReserve.use() }

let sessionEnded: @convention(c) (UnsafeMutableRawPointer) -> Void = { engine in
  unsafe Unretained<Session>(at: engine).with { _ = $0.goesOn() }
}

let switchStack: @convention(c) (ThreadPointer, UnsafeRawPointer?) -> Void = { head, stack in
  MemoryReserve.ensure()
  unsafe ThreadState.of(head).value.switchStack(to: UInt(bitPattern: stack))
}

let resyncStack: @convention(c) (ThreadPointer, UnsafeRawPointer) -> Bool = { head, frame in
  unsafe ThreadState.of(head).value.resync(to: ObjectAddress(frame))
}

let beforeFork: @convention(c) (UnsafeMutableRawPointer) -> CTraceHook_Outcome = { engine in
  unsafe Unretained<Session>(at: engine).with { $0.flush() }
}

let afterFork: @convention(c) (UnsafeMutableRawPointer) -> Void = { engine in
  unsafe Unretained<Session>(at: engine).with { session in
    session.messages.forked()
    for runner in session.plan.runners { runner.forked() }
  }
}
