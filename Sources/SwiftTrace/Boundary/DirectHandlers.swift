import CTraceHook
import TraceFormat

// The handlers that direct strategies install. `EventHandlers.swift` and `SessionHandlers.swift`
// describe the arguments with which C calls them.

// MARK: - Recorder

extension Recorder {
  func install(in handlers: inout HookHandlers) {
    let (state, events) = (recording.state, interests)
    // If a call were taken back, the marker of an indirect call would stay.
    if state.value.settings.minimumDuration == 0 {
      unsafe handlers.table.enterIndirectly = enterIndirectly
    }
    guard state.value.isPlain else { return }
    unsafe (handlers.table.full.call, handlers.table.full.generator) = (recordCall, recordCall)
    unsafe handlers.table.full.line = recordLine
    unsafe handlers.setFast(
      call: events.contains(.call) ? fastRecordCall : nil,
      generator: events.contains(.call) ? fastRecordGenerator : nil,
      line: events.contains(.line) ? fastRecordLine : nil,
      leave: events.contains(.return) ? fastRecordLeave : nil,
      exception: events.contains(.exception) ? fastRecordException : nil)
  }
}

private let enterIndirectly: @convention(c) (ThreadPointer, UnsafeRawPointer, UInt) -> Void = {
  head, entry, site in
  unsafe RecordingState.enterIndirectly(
    ThreadState.of(head), entry: UInt(bitPattern: entry), site: site)
}

// A call or a line of the full tier stores the thread's writer in its state, for the fast tier.

private let recordCall: CTraceHook_CallHandler = { head, function, kind, frame, below, at in
  defer { unsafe RecordingState.nameWriter(ThreadState.of(head)) }
  return unsafe handleCall(head, function, kind, frame, below, at)
}

private let recordLine: CTraceHook_LineHandler = { head, line, frame in
  defer { unsafe RecordingState.nameWriter(ThreadState.of(head)) }
  return unsafe handleLine(head, line, frame)
}

@c @inline(__always)
func fastRecordCall(
  _ head: ThreadPointer, _ function: FunctionPointer, _ kind: CTraceHook_Kind,
  _ frame: UnsafeRawPointer, _ below: UnsafeRawPointer?, _ instruction: Int32
) -> CTraceHook_Outcome {
  unsafe RecordingState.recordCall(
    ThreadState.of(head), FunctionRecord.of(function), ObjectAddress(frame), ObjectAddress(below))
}

@c @inline(__always)
func fastRecordGenerator(
  _ head: ThreadPointer, _ function: FunctionPointer, _ kind: CTraceHook_Kind,
  _ frame: UnsafeRawPointer, _ below: UnsafeRawPointer?, _ instruction: Int32
) -> CTraceHook_Outcome {
  unsafe RecordingState.recordGenerator(
    ThreadState.of(head), FunctionRecord.of(function), ObjectAddress(frame), kind,
    ObjectAddress(below), instruction)
}

@c @inline(__always)
func fastRecordLine(_ head: ThreadPointer, _ line: Int32, _ frame: UnsafeRawPointer)
  -> CTraceHook_Outcome
{
  unsafe RecordingState.recordLine(ThreadState.of(head), line)
}

@c @inline(__always)
func fastRecordLeave(
  _ head: ThreadPointer, _ kind: CTraceHook_Kind, _ frame: UnsafeRawPointer,
  _ value: UnsafeRawPointer?, _ below: UnsafeRawPointer?, _ instruction: Int32
) -> CTraceHook_Outcome {
  unsafe RecordingState.recordLeave(
    ThreadState.of(head), kind, ObjectAddress(value), ObjectAddress(below), instruction)
}

@c @inline(__always)
func fastRecordException(
  _ head: ThreadPointer, _ type: UnsafeRawPointer, _ frame: UnsafeRawPointer,
  _ exception: UnsafeRawPointer?, _ traceback: UnsafeRawPointer?, _ instruction: Int32
) -> CTraceHook_Outcome {
  unsafe RecordingState.recordException(ThreadState.of(head), ObjectAddress(type), instruction)
}

// MARK: - Text loggers

// A C handler cannot be generic, so each logger has its own.

extension EventLogger {
  func install(in handlers: inout HookHandlers) {
    unsafe handlers.setFast(
      call: { head, function, _, frame, below, _ in
        unsafe EventLogger.printCall(head, function, .call, frame, below)
      },
      generator: { head, function, kind, frame, below, _ in
        unsafe EventLogger.printCall(head, function, kind, frame, below)
      },
      line: { head, line, _ in unsafe EventLogger.printLine(ThreadState.of(head), line) },
      leave: { head, kind, _, value, below, _ in
        unsafe EventLogger.printLeave(
          ThreadState.of(head), kind, ObjectAddress(value), ObjectAddress(below))
      })
  }
}

extension CallLogger {
  func install(in handlers: inout HookHandlers) {
    unsafe handlers.setFast(
      call: { head, function, _, frame, below, _ in
        unsafe CallLogger.printCall(head, function, .call, frame, below)
      },
      generator: { head, function, kind, frame, below, _ in
        unsafe CallLogger.printCall(head, function, kind, frame, below)
      },
      leave: silentLeave)
  }
}

extension LineLogger {
  func install(in handlers: inout HookHandlers) {
    unsafe handlers.setFast(
      call: silentCall, generator: silentCall,
      line: { head, line, _ in unsafe LineLogger.printLine(ThreadState.of(head), line) },
      leave: silentLeave)
  }
}

extension ReturnLogger {
  func install(in handlers: inout HookHandlers) {
    unsafe handlers.setFast(
      call: silentCall, generator: silentCall,
      leave: { head, kind, _, value, below, _ in
        unsafe ReturnLogger.printLeave(
          ThreadState.of(head), kind, ObjectAddress(value), ObjectAddress(below))
      })
  }
}

/// For loggers that print nothing for a call, such as `LineLogger`.
private let silentCall: CTraceHook_CallHandler = { head, function, kind, frame, below, _ in
  unsafe LineLogger.printCall(head, function, kind, frame, below)
}

/// For loggers that print nothing for a return, such as `LineLogger`.
private let silentLeave: CTraceHook_LeaveHandler = { head, kind, _, value, below, _ in
  unsafe LineLogger.printLeave(
    ThreadState.of(head), kind, ObjectAddress(value), ObjectAddress(below))
}

extension TextLogger {
  @inline(__always)
  fileprivate static func printCall(
    _ head: ThreadPointer, _ function: FunctionPointer, _ kind: CTraceHook_Kind,
    _ frame: UnsafeRawPointer, _ below: UnsafeRawPointer?
  ) -> CTraceHook_Outcome {
    unsafe printCall(
      ThreadState.of(head), FunctionRecord.of(function), ObjectAddress(frame), kind,
      ObjectAddress(below))
  }
}

// MARK: - Strategies of the trace module

extension LineCounter: DirectStrategy {
  func install(in handlers: inout HookHandlers) {
    guard countsRunningFrames else { return }
    unsafe handlers.table.evaluateFilter = evaluateCounted
    unsafe handlers.table.count = countLine
  }
}

extension FunctionLister: DirectStrategy {
  func install(in handlers: inout HookHandlers) { unsafe handlers.table.enter = enterFunction }
}

extension CallerLister: DirectStrategy {
  func install(in handlers: inout HookHandlers) {
    unsafe handlers.table.evaluateFilter = evaluateEntered
    unsafe handlers.table.enter = enterFromCaller
  }
}

/// Decides whether the function's lines are counted.
private let evaluateCounted: FilterHandler = { engine, function, frame in
  unsafe Unretained<Session>(at: engine).with { session in
    MemoryReserve.ensure()
    unsafe LineCounter.evaluateFilter(
      of: FunctionRecord.of(function), ObjectAddress(frame), in: session)
    return session.goesOn()
  }
}

private let countLine: CTraceHook_CountHandler = { engine, function, line in
  let record = unsafe FunctionRecord.of(function)
  let offset = line &- record.value.firstLine
  if UInt32(bitPattern: offset) < UInt32(bitPattern: record.value.counterCount) {
    // SAFETY: the index is below `counterCount`, the number of counters, which `LineCounts.name`
    // stored together with them.
    unsafe record.value.counters.unsafelyUnwrapped[Int(offset)] &+= 1
    return
  }
  unsafe Unretained<Session>(at: engine).with {
    LineCounter.countFirst(line, of: record, in: $0)
  }
}

/// Reports the first call of a function. Afterwards the function has no events.
private let enterFunction: CTraceHook_EnterHandler = { engine, function, _, frame in
  let (record, frame) = unsafe (FunctionRecord.of(function), ObjectAddress(frame))
  record.value.head.is_traced = false
  return unsafe Unretained<Session>(at: engine).with { $0.enter(record, frame) }
}

/// Decides whether the function is traced, and forgets its last caller in an earlier session.
private let evaluateEntered: FilterHandler = { engine, function, frame in
  unsafe FunctionRecord.of(function).value.lastCaller = 0
  return unsafe evaluateFilter(engine, function, frame)
}

/// Reports a call, unless the caller is the same as in the call before.
private let enterFromCaller: CTraceHook_EnterHandler = { engine, function, caller, frame in
  guard let caller = unsafe UnsafeMutablePointer(mutating: caller) else { return .proceed }
  let (record, frame) = unsafe (FunctionRecord.of(function), ObjectAddress(frame))
  guard record.isNewCaller(unsafe FunctionRecord.of(caller)) else { return .proceed }
  return unsafe Unretained<Session>(at: engine).with { $0.enter(record, frame) }
}
