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
    var handlers = HookHandlers(session)
    let started = unsafe CTraceHook_start(
      &handlers.table, session.coversAllThreads, session.plan.interests.requested,
      session.source.hook, session.serial)
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
