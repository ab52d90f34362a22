import CPlatform
import CTraceHook
import TraceFormat

/// A session that is registered with the interpreter.
@safe struct HookRegistration {
  // SAFETY: the session object that `CTraceHook_start` returned. `stop` releases it; the session
  // that owns this value calls that once.
  private let object: UnsafeMutableRawPointer

  /// Installs the hook in the threads that the session covers.
  ///
  /// - Throws: `PythonException` if the interpreter refuses.
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

  /// The operating system and the processor, as Python names them.
  static var platform: String { unsafe String(cString: CPlatform_name()) }

  /// Makes all sessions end when one of them uses the memory reserve.
  static func endSessionsOnUseOfReserve() {
    unsafe MemoryReserve.onUse = { CTraceHook_endAllSoon() }
  }

  /// The functions of other tools that the start has found.
  var conflicts: CTraceHook_Conflicts { unsafe CTraceHook_conflicts(object) }

  /// Installs the hook in threads that were created since the last event.
  ///
  /// - Throws: `PythonException` if the interpreter refuses.
  func coverNewThreads() throws {
    guard unsafe CTraceHook_adoptThreads(object) else { throw PythonException.current }
  }

  /// The source of the events.
  var source: Session.Source {
    unsafe CTraceHook_sourceOf(object) == .monitoring ? .monitoring : .settrace
  }

  /// Makes the hook evaluate the filter again for each function.
  ///
  /// - Throws: `PythonException` if the interpreter refuses.
  func changeFilter(to serial: UInt64) throws {
    guard unsafe CTraceHook_changeFilter(object, serial) else { throw PythonException.current }
  }

  /// Removes the hook from every thread. Returns whether all threads still had it.
  func stop() -> Bool { unsafe CTraceHook_stop(object) }
}
