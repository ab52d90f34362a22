import CTraceHook
import TraceFormat

// The handlers of a session whose one strategy is a recorder that keeps no values and all depths. The quick ones
// take what is as foretold from here to the encoder, without a look at the session. They call nothing that is
// not inlined, so they save no registers. All else goes the way of all strategies, which ends in `Recording`.

extension QuickHandlers {
  /// Those of a recorder, for the events that it keeps.
  static func recording(_ interests: EventSet) -> QuickHandlers {
    var handlers = QuickHandlers()
    if interests.contains(.line) { unsafe handlers.line = quicklyRecordLine }
    if interests.contains(.call) {
      unsafe handlers.call = quicklyRecordCall
      unsafe handlers.generator = quicklyRecordGenerator
    }
    if interests.contains(.return) { unsafe handlers.leave = quicklyRecordLeave }
    if interests.contains(.exception) { unsafe handlers.exception = quicklyRecordException }
    return handlers
  }
}

@c @inline(__always)
func quicklyRecordCall(
  _ head: ThreadPointer, _ function: FunctionPointer, _ frame: UnsafeRawPointer,
  _ below: UnsafeRawPointer?
) -> Bool {
  let thread = unsafe ThreadState.of(head)
  let record = unsafe FunctionRecord.of(function)
  guard let writer = unsafe thread.pointee.writer,
    unsafe record.pointee.definedIn == writer.pointee.serial,
    unsafe (below == nil || thread.pointee.isLast(below!)), unsafe !thread.pointee.stack.isFull,
    let time = unsafe thread.pointee.clock.counted()
  else { return false }
  let mark = unsafe EventMark(
    function: record.pointee.recordedAs, line: record.pointee.recordedCallLine,
    depth: Int32(truncatingIfNeeded: thread.pointee.depth), stack: thread.pointee.stack.number,
    time: time)
  guard unsafe writer.pointee.encoder.foretoldCall(mark) else { return false }
  unsafe thread.pointee.place(frame, record, at: time)
  return true
}

/// A frame that a generator owns may be entered anywhere. The outermost one of a task has a record more.
@c @inline(__always)
func quicklyRecordGenerator(
  _ head: ThreadPointer, _ function: FunctionPointer, _ frame: UnsafeRawPointer,
  _ kind: CTraceHook_Kind, _ below: UnsafeRawPointer?, _ instruction: Int32
) -> Bool {
  let thread = unsafe ThreadState.of(head)
  let record = unsafe FunctionRecord.of(function)
  let line = unsafe record.pointee.knownLine(instruction)
  guard line != unknownLine, let writer = unsafe thread.pointee.writer,
    unsafe record.pointee.definedIn == writer.pointee.serial,
    unsafe (below == nil ? !record.pointee.isAsync : thread.pointee.isLast(below!)),
    unsafe !thread.pointee.stack.isFull,
    let time = unsafe thread.pointee.clock.counted()
  else { return false }
  let callLine = unsafe record.pointee.recordedCallLine
  let mark = unsafe EventMark(
    function: record.pointee.recordedAs, line: line,
    depth: Int32(truncatingIfNeeded: thread.pointee.depth), stack: thread.pointee.stack.number,
    time: time)
  guard
    unsafe kind == .resume
      ? writer.pointee.encoder.foretoldResume(mark, callLine: callLine)
      : line == callLine && writer.pointee.encoder.foretoldCall(mark)
  else { return false }
  unsafe thread.pointee.place(frame, record, at: time)
  return true
}

@c @inline(__always)
func quicklyRecordLine(
  _ head: ThreadPointer, _ line: Int32
) -> Bool {
  let thread = unsafe ThreadState.of(head)
  guard let writer = unsafe thread.pointee.writer,
    let time = unsafe thread.pointee.clock.counted()
  else { return false }
  return unsafe writer.pointee.encoder.foretoldLine(
    EventMark(
      function: thread.pointee.function.pointee.recordedAs, line: line,
      depth: Int32(truncatingIfNeeded: thread.pointee.depth &- 1),
      stack: thread.pointee.stack.number, time: time))
}

@c @inline(__always)
func quicklyRecordLeave(
  _ head: ThreadPointer, _ kind: CTraceHook_Kind, _ value: UnsafeRawPointer?,
  _ below: UnsafeRawPointer?, _ instruction: Int32
) -> Bool {
  let thread = unsafe ThreadState.of(head)
  let record = unsafe thread.pointee.function
  let line = unsafe record.pointee.knownLine(instruction)
  guard kind != .unwind, unsafe below == nil, line != unknownLine,
    unsafe !thread.pointee.stack.innermost.isOwner,
    let writer = unsafe thread.pointee.writer,
    let time = unsafe thread.pointee.clock.counted()
  else { return false }
  let mark = unsafe EventMark(
    function: record.pointee.recordedAs, line: line,
    depth: Int32(truncatingIfNeeded: thread.pointee.depth &- 1),
    stack: thread.pointee.stack.number, time: time)
  guard
    unsafe writer.pointee.encoder.foretoldLeave(
      EventKind(kind), mark, callLine: record.pointee.recordedCallLine)
  else { return false }
  _ = unsafe thread.pointee.pop()
  return true
}

/// No more than the class of an exception is recorded.
@c @inline(__always)
func quicklyRecordException(
  _ head: ThreadPointer, _ type: UnsafeRawPointer, _ instruction: Int32
) -> Bool {
  let thread = unsafe ThreadState.of(head)
  let record = unsafe thread.pointee.function
  let line = unsafe record.pointee.knownLine(instruction)
  guard line != unknownLine, unsafe !thread.pointee.stack.innermost.isOwner,
    let writer = unsafe thread.pointee.writer,
    let time = unsafe thread.pointee.clock.counted()
  else { return false }
  let mark = unsafe EventMark(
    function: record.pointee.recordedAs, line: line,
    depth: Int32(truncatingIfNeeded: thread.pointee.depth &- 1),
    stack: thread.pointee.stack.number, time: time)
  guard unsafe writer.pointee.encoder.foretoldException(mark, text: UInt(bitPattern: type)) else {
    return false
  }
  unsafe thread.pointee.raise(static: type)
  return true
}

let recordCall:
  @convention(c) (
    ThreadPointer, FunctionPointer, UnsafeRawPointer, CTraceHook_Kind, UnsafeRawPointer?
  ) -> CTraceHook_Outcome = { head, function, frame, kind, below in
    defer { unsafe nameWriter(ThreadState.of(head)) }
    return unsafe handleCall(head, function, frame, kind, below)
  }

let recordLine: @convention(c) (ThreadPointer, UnsafeRawPointer, Int32) -> CTraceHook_Outcome = {
  head, frame, line in
  defer { unsafe nameWriter(ThreadState.of(head)) }
  return unsafe handleLine(head, frame, line)
}

let recordLeave:
  @convention(c) (
    ThreadPointer, UnsafeRawPointer, CTraceHook_Kind, UnsafeRawPointer?, UnsafeRawPointer?
  ) -> CTraceHook_Outcome = { head, frame, kind, value, below in
    defer { unsafe nameWriter(ThreadState.of(head)) }
    return unsafe handleLeave(head, frame, kind, value, below)
  }

/// Has the next events of the thread go straight to its writer, once the recorder has made one.
private func nameWriter(_ thread: UnsafeMutablePointer<ThreadState>) {
  unsafe thread.pointee.session._withUnsafeGuaranteedRef { session in
    guard unsafe thread.pointee.writer == nil, let recording = unsafe session.recording else {
      return
    }
    unsafe thread.pointee.writer = recording.pointee.writer(thread.pointee.index)
  }
}

extension EventKind {
  /// A kind of leaving that has a value.
  @inline(__always)
  fileprivate init(_ kind: CTraceHook_Kind) {
    self =
      switch kind {
      case .yield: .yield
      case .await: .await
      default: .return
      }
  }
}
