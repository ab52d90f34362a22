import CPlatform
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
    let fast = session.fastHandlers
    let entries = session.entries
    let decide = unsafe entries == .fromCallers ? decideEntered : decideFunction
    let enter = unsafe entries == .fromCallers ? enterFromCaller : enterFunction
    let (records, counts) = (session.recording != nil, session.lineCounts != nil)
    var handlers = unsafe CTraceHook_Handlers(
      engine: Unmanaged.passRetained(session).toOpaque(),
      define: defineFunction, forget: forgetFunction,
      evaluateFilter: counts ? decideCounted : decide,
      enterThread: enterThread, leaveThread: leaveThread,
      over: sessionOver,
      switchStack: switchStack, resync: settleStack, beforeFork: beforeFork,
      afterFork: afterFork, exhausted: memoryExhausted, ended: sessionEnded,
      call: records ? recordCall : handleCall, line: records ? recordLine : handleLine,
      leave: records ? recordLeave : handleLeave, exception: handleException,
      opcode: handleOpcode, cCall: handleBuiltin, fastCall: fast?.call,
      fastGenerator: fast?.generator, fastLine: fast?.line, fastLeave: fast?.leave,
      fastException: fast?.exception,
      enterIndirectly: session.callerRecording == nil ? nil : enterIndirectly,
      count: counts ? countLine : nil, enter: entries == .all ? nil : enter)
    var wanted: CTraceHook_Requested = []
    if interests.contains(.line) { wanted.insert(.lines) }
    // A frame that is left by an exception says which.
    if !interests.isDisjoint(with: [.exception, .return]) { wanted.insert(.exceptions) }
    if interests.contains(.opcode) { wanted.insert(.opcodes) }
    if interests.contains(.builtin) { wanted.insert(.cCalls) }
    let started = unsafe CTraceHook_start(
      &handlers, session.coversAllThreads, wanted, session.source.hook, session.serial)
    guard let object = unsafe started else {
      unsafe Unmanaged.passUnretained(session).release()
      throw PythonException.current
    }
    unsafe self.object = object
  }

  /// `sys.version` of the interpreter.
  static var pythonVersion: String { unsafe String(cString: CTraceHook_hostVersion()) }

  /// The system and the processor, as Python names them.
  static var platform: String { unsafe String(cString: CPlatform_name()) }

  /// Ends all sessions once one of them has used the memory reserve.
  static func endSessionsOnUseOfReserve() {
    unsafe MemoryReserve.onUse = { CTraceHook_endAllSoon() }
  }

  /// The functions of other tools that the start has found.
  var conflicts: CTraceHook_Conflicts { unsafe CTraceHook_conflicts(object) }

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
