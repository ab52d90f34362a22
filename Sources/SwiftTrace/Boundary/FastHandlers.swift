import CTraceHook

/// The fast handlers of a session that has some: see `CTraceHook_session.h`.
@safe struct FastHandlers {
  // SAFETY: the hook calls them with what `EventHandlers.swift` says.
  var call: CTraceHook_QuickCallHandler?
  var generator: CTraceHook_QuickGeneratorHandler?
  var line: CTraceHook_QuickLineHandler?
  var leave: CTraceHook_QuickLeaveHandler?
  /// If no strategy receives exceptions, the one that leaves a frame must still be known.
  var exception: CTraceHook_QuickExceptionHandler? = { head, type, _ in
    let thread = unsafe ThreadState.of(head)
    guard !thread.value.stack.innermost.isOwner else { return false }
    thread.value.raise(static: unsafe ObjectAddress(type))
    return true
  }
}

extension FastHandlers {
  /// Those of a recorder, for the events that it keeps.
  static func recording(_ interests: EventSet) -> FastHandlers {
    var handlers = FastHandlers()
    if interests.contains(.line) {
      unsafe handlers.line = { unsafe RecordingState.recordLine(ThreadState.of($0), $1) }
    }
    if interests.contains(.call) {
      unsafe handlers.call = {
        unsafe RecordingState.recordCall(
          ThreadState.of($0), FunctionRecord.of($1), ObjectAddress($2), ObjectAddress($3))
      }
      unsafe handlers.generator = {
        unsafe RecordingState.recordGenerator(
          ThreadState.of($0), FunctionRecord.of($1), ObjectAddress($2), $3, ObjectAddress($4), $5)
      }
    }
    if interests.contains(.return) {
      unsafe handlers.leave = {
        unsafe RecordingState.recordLeave(
          ThreadState.of($0), $1, ObjectAddress($2), ObjectAddress($3), $4)
      }
    }
    if interests.contains(.exception) {
      unsafe handlers.exception = {
        unsafe RecordingState.recordException(ThreadState.of($0), ObjectAddress($1), $2)
      }
    }
    return handlers
  }
}

// A handler of C cannot be generic: each logger has its own.

extension EventLogger {
  static var fastHandlers: FastHandlers {
    unsafe FastHandlers(
      call: {
        unsafe EventLogger.printCall(
          ThreadState.of($0), FunctionRecord.of($1), ObjectAddress($2), .call, ObjectAddress($3))
      },
      generator: { head, function, frame, kind, below, _ in
        unsafe EventLogger.printCall(
          ThreadState.of(head), FunctionRecord.of(function), ObjectAddress(frame), kind,
          ObjectAddress(below))
      },
      line: { unsafe EventLogger.printLine(ThreadState.of($0), $1) },
      leave: { head, kind, value, below, _ in
        unsafe EventLogger.printLeave(
          ThreadState.of(head), kind, ObjectAddress(value), ObjectAddress(below))
      })
  }
}

extension CallLogger {
  static var fastHandlers: FastHandlers {
    unsafe FastHandlers(
      call: {
        unsafe CallLogger.printCall(
          ThreadState.of($0), FunctionRecord.of($1), ObjectAddress($2), .call, ObjectAddress($3))
      },
      generator: { head, function, frame, kind, below, _ in
        unsafe CallLogger.printCall(
          ThreadState.of(head), FunctionRecord.of(function), ObjectAddress(frame), kind,
          ObjectAddress(below))
      },
      leave: { head, kind, value, below, _ in
        unsafe CallLogger.printLeave(
          ThreadState.of(head), kind, ObjectAddress(value), ObjectAddress(below))
      })
  }
}

extension LineLogger {
  static var fastHandlers: FastHandlers {
    unsafe FastHandlers(
      call: {
        unsafe LineLogger.printCall(
          ThreadState.of($0), FunctionRecord.of($1), ObjectAddress($2), .call, ObjectAddress($3))
      },
      generator: { head, function, frame, kind, below, _ in
        unsafe LineLogger.printCall(
          ThreadState.of(head), FunctionRecord.of(function), ObjectAddress(frame), kind,
          ObjectAddress(below))
      },
      line: { unsafe LineLogger.printLine(ThreadState.of($0), $1) },
      leave: { head, kind, value, below, _ in
        unsafe LineLogger.printLeave(
          ThreadState.of(head), kind, ObjectAddress(value), ObjectAddress(below))
      })
  }
}

extension ReturnLogger {
  static var fastHandlers: FastHandlers {
    unsafe FastHandlers(
      call: {
        unsafe ReturnLogger.printCall(
          ThreadState.of($0), FunctionRecord.of($1), ObjectAddress($2), .call, ObjectAddress($3))
      },
      generator: { head, function, frame, kind, below, _ in
        unsafe ReturnLogger.printCall(
          ThreadState.of(head), FunctionRecord.of(function), ObjectAddress(frame), kind,
          ObjectAddress(below))
      },
      leave: { head, kind, value, below, _ in
        unsafe ReturnLogger.printLeave(
          ThreadState.of(head), kind, ObjectAddress(value), ObjectAddress(below))
      })
  }
}
