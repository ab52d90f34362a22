import CTraceHook

/// The fast handlers of a session that has some: see `CTraceHook_session.h`.
@safe struct FastHandlers {
  // SAFETY: the hook calls them with what `EventHandlers.swift` says.
  var call: CTraceHook_FastCallHandler?
  var generator: CTraceHook_FastGeneratorHandler?
  var line: CTraceHook_FastLineHandler?
  var leave: CTraceHook_FastLeaveHandler?
  /// If no strategy receives exceptions, the one that leaves a frame must still be known.
  var exception: CTraceHook_FastExceptionHandler? = { head, type, _ in
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
    if interests.contains(.line) { unsafe handlers.line = fastRecordLine }
    if interests.contains(.call) {
      unsafe (handlers.call, handlers.generator) = (fastRecordCall, fastRecordGenerator)
    }
    if interests.contains(.return) { unsafe handlers.leave = fastRecordLeave }
    if interests.contains(.exception) { unsafe handlers.exception = fastRecordException }
    return handlers
  }
}

// Functions for C, not closures: these take five instructions less.

@c @inline(__always)
func fastRecordCall(
  _ head: ThreadPointer, _ function: FunctionPointer, _ frame: UnsafeRawPointer,
  _ below: UnsafeRawPointer?
) -> Bool {
  unsafe RecordingState.recordCall(
    ThreadState.of(head), FunctionRecord.of(function), ObjectAddress(frame), ObjectAddress(below))
}

@c @inline(__always)
func fastRecordGenerator(
  _ head: ThreadPointer, _ function: FunctionPointer, _ frame: UnsafeRawPointer,
  _ kind: CTraceHook_Kind, _ below: UnsafeRawPointer?, _ instruction: Int32
) -> Bool {
  unsafe RecordingState.recordGenerator(
    ThreadState.of(head), FunctionRecord.of(function), ObjectAddress(frame), kind,
    ObjectAddress(below), instruction)
}

@c @inline(__always)
func fastRecordLine(_ head: ThreadPointer, _ line: Int32) -> Bool {
  unsafe RecordingState.recordLine(ThreadState.of(head), line)
}

@c @inline(__always)
func fastRecordLeave(
  _ head: ThreadPointer, _ kind: CTraceHook_Kind, _ value: UnsafeRawPointer?,
  _ below: UnsafeRawPointer?, _ instruction: Int32
) -> Bool {
  unsafe RecordingState.recordLeave(
    ThreadState.of(head), kind, ObjectAddress(value), ObjectAddress(below), instruction)
}

@c @inline(__always)
func fastRecordException(
  _ head: ThreadPointer, _ type: UnsafeRawPointer, _ instruction: Int32
) -> Bool {
  unsafe RecordingState.recordException(ThreadState.of(head), ObjectAddress(type), instruction)
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
