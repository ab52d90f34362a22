import CTraceHook
import TraceFormat

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
      define: defineFunction, forget: forgetFunction, decide: decideFunction,
      enterThread: enterThread, leaveThread: leaveThread,
      over: sessionOver,
      switchStack: switchStack, settle: settleStack, beforeFork: beforeFork,
      afterFork: afterFork, exhausted: memoryExhausted, ended: sessionEnded,
      call: handleCall, line: handleLine, leave: handleLeave, exception: handleException,
      opcode: handleOpcode, builtin: handleBuiltin, quickCall: nil, quickGenerator: nil,
      quickLine: nil, quickLeave: nil, quickException: nil,
      enterIndirectly: nil, count: nil, enter: nil)
    if unsafe session.recording != nil {
      unsafe handlers.call = recordCall
      unsafe handlers.line = recordLine
      unsafe handlers.leave = recordLeave
    }
    if unsafe session.callerRecording != nil { unsafe handlers.enterIndirectly = enterIndirectly }
    unsafe session.quickHandlers?.add(to: &handlers)
    if unsafe session.lineCounts != nil {
      unsafe handlers.decide = decideCounted
      unsafe handlers.count = countLine
    }
    switch session.entries {
    case .all: break
    case .ofFunctions: unsafe handlers.enter = enterFunction
    case .fromCallers:
      unsafe handlers.decide = decideEntered
      unsafe handlers.enter = enterFromCaller
    }
    var wanted: CTraceHook_Wanted = []
    if interests.contains(.line) { wanted.insert(.lines) }
    // A frame that is left by an exception says which.
    if !interests.isDisjoint(with: [.exception, .return]) { wanted.insert(.exceptions) }
    if interests.contains(.opcode) { wanted.insert(.opcodes) }
    if interests.contains(.builtin) { wanted.insert(.builtins) }
    let started = unsafe CTraceHook_start(
      &handlers, session.coversAllThreads, wanted, session.source.hook, session.serial)
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
    if others.contains(.monitoring) {
      return "other tools have numbers of sys.monitoring that are needed (3, 4, 5); "
        + "using sys.settrace's events"
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

  /// Where the events come from.
  var source: Session.Source {
    unsafe CTraceHook_sourceOf(object) == .monitoring ? .monitoring : .settrace
  }

  /// Has functions decided anew.
  ///
  /// - Throws: the `PythonException` with which the interpreter refused.
  func changeFilter(to serial: UInt64) throws {
    guard unsafe CTraceHook_changeFilter(object, serial) else { throw PythonException.current }
  }

  /// Takes the trace function out of every thread. Returns whether all threads still had it.
  func stop() -> Bool { unsafe CTraceHook_stop(object) }
}

extension Session.Source {
  /// The source that `automatic` is with this version of Python: `monitoring` or `settrace`. A
  /// session that asks for opcodes or C calls, or that covers one thread, has `settrace` with every
  /// version.
  public static var automaticChoice: Session.Source {
    CTraceHook_autoSource() == .monitoring ? .monitoring : .settrace
  }

  fileprivate var hook: CTraceHook_Source {
    switch self {
    case .automatic: .auto
    case .settrace: .settrace
    case .monitoring: .monitoring
    }
  }
}

// What happens beside events. C calls these with what `HookRegistration` gave it, with the GIL
// held: `engine` is the session, which stays alive until it is stopped, `head` is the beginning of
// a ThreadState that `enterThread` made, `function` that of a FunctionRecord that `defineFunction`
// made.

typealias FunctionPointer = UnsafeMutablePointer<CTraceHook_FunctionHead>
typealias ThreadPointer = UnsafeMutablePointer<CTraceHook_ThreadHead>

let defineFunction: @convention(c) (UnsafePointer<CTraceHook_Code>) -> FunctionPointer =
  { code in
    let described = unsafe code.pointee
    let units = unsafe described.name.count + described.qualified_name.count + described.file.count
    let parameters = unsafe described.positional_count + described.keyword_only_count
    MemoryReserve.ensure(MemoryReserve.usual + 32 * units + 1024 * Int(parameters))
    unsafe precondition(MemoryLayout<FunctionRecord>.offset(of: \.head) == 0)
    return unsafe UnsafeMutableRawPointer(FunctionRecord.make(code)).assumingMemoryBound(
      to: CTraceHook_FunctionHead.self)
  }

private let forgetFunction: @convention(c) (UnsafeMutableRawPointer) -> Void = { function in
  unsafe FunctionRecord.destroy(function.assumingMemoryBound(to: FunctionRecord.self))
}

private let decideFunction:
  @convention(c) (UnsafeMutableRawPointer, FunctionPointer, UnsafeRawPointer) -> Bool =
    { engine, function, frame in
      unsafe Unmanaged<Session>.fromOpaque(engine)._withUnsafeGuaranteedRef { session in
        MemoryReserve.ensure()
        _ = unsafe session.decide(FunctionRecord.of(function), Frame(frame))
        return session.goesOn()
      }
    }

private let enterThread: @convention(c) (UnsafeMutableRawPointer) -> ThreadPointer = { engine in
  MemoryReserve.ensure()
  let session = unsafe Unmanaged<Session>.fromOpaque(engine).takeUnretainedValue()
  defer { session.threadsEntered += 1 }
  return unsafe ThreadState.make(session: session, index: session.threadsEntered)
}

private let leaveThread: @convention(c) (ThreadPointer) -> Void = { head in
  let thread = unsafe ThreadState.of(head)
  unsafe thread.pointee.session._withUnsafeGuaranteedRef { session in
    unsafe session.threadEnded(thread.pointee.index)
  }
  unsafe ThreadState.free(thread)
}

private let sessionOver: @convention(c) (UnsafeMutableRawPointer) -> Void = { engine in
  // The reference that `HookRegistration.init` made.
  unsafe Unmanaged<Session>.fromOpaque(engine).release()
}

private let sessionEnded: @convention(c) (UnsafeMutableRawPointer) -> Void = { engine in
  unsafe Unmanaged<Session>.fromOpaque(engine)._withUnsafeGuaranteedRef { session in
    _ = session.goesOn()
  }
}

private let memoryExhausted: @convention(c) () -> Void = { MemoryReserve.use() }

private let switchStack: @convention(c) (ThreadPointer, UnsafeRawPointer?) -> Void = {
  head, stack in
  MemoryReserve.ensure()
  unsafe ThreadState.of(head).pointee.switchStack(to: UInt(bitPattern: stack))
}

private let settleStack: @convention(c) (ThreadPointer, UnsafeRawPointer) -> Bool = {
  head, frame in
  unsafe ThreadState.of(head).pointee.settle(frame)
}

private let enterIndirectly: @convention(c) (ThreadPointer, UnsafeRawPointer, UInt) -> Void = {
  head, entry, site in
  let thread = unsafe ThreadState.of(head)
  unsafe thread.pointee.session._withUnsafeGuaranteedRef { session in
    guard let recording = unsafe session.callerRecording,
      let writer = unsafe recording.pointee.writer(thread.pointee.index)
    else { return }
    let goesOn = unsafe thread.pointee.isRunning(entry: UInt(bitPattern: entry), site: site)
    unsafe writer.pointee.encoder.enterIndirectly(goesOn: goesOn)
  }
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
