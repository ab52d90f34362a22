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
    if session.recording != nil {
      unsafe handlers.call = recordCall
      unsafe handlers.line = recordLine
      unsafe handlers.leave = recordLeave
    }
    if session.callerRecording != nil { unsafe handlers.enterIndirectly = enterIndirectly }
    unsafe session.fastHandlers?.add(to: &handlers)
    if session.lineCounts != nil {
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
