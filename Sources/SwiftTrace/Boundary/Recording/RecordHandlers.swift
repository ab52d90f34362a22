import CTraceHook
import TraceFormat

// The handlers of a session whose one strategy is a recorder that keeps no values and all depths. What is as
// foretold goes from here to the encoder, without a look at the session; all else goes the way of all
// strategies, which ends in `Recording`.

let recordCall: CallHandler = { head, function, frame, kind, below, instruction in
  let thread = unsafe ThreadState.of(head)
  let record = unsafe FunctionRecord.of(function)
  if let writer = unsafe thread.pointee.writer,
    unsafe record.pointee.definedIn == writer.pointee.serial,
    unsafe (below == nil || thread.pointee.isLast(below!))
  {
    // A frame that a generator owns may be entered anywhere.
    let callLine = unsafe record.pointee.recordedCallLine
    let line =
      unsafe record.pointee.canSuspend ? record.pointee.knownLine(instruction) : callLine
    let mark = unsafe EventMark(
      function: record.pointee.recordedAs, line: line,
      depth: Int32(truncatingIfNeeded: thread.pointee.depth), stack: thread.pointee.stack.number,
      time: thread.pointee.clock.now())
    let isStored =
      unsafe kind == .resume
      ? line != unknownLine && writer.pointee.encoder.foretoldResume(mark, callLine: callLine)
      : line == callLine && writer.pointee.encoder.foretoldCall(mark)
    if isStored {
      unsafe thread.pointee.push(frame, record, at: mark.time)
      return .proceed
    }
  }
  return unsafe callSlowly(thread, record, frame, kind, below)
}

let recordLine: LineHandler = { head, frame, line in
  let thread = unsafe ThreadState.of(head)
  if let writer = unsafe thread.pointee.writer {
    let mark = unsafe EventMark(
      function: thread.pointee.function.pointee.recordedAs, line: line,
      depth: Int32(truncatingIfNeeded: thread.pointee.depth &- 1),
      stack: thread.pointee.stack.number, time: thread.pointee.clock.now())
    if unsafe writer.pointee.encoder.foretoldLine(mark) { return .proceed }
  }
  return unsafe lineSlowly(thread, frame, line)
}

let recordLeave: LeaveHandler = { head, frame, kind, value, below, instruction in
  let thread = unsafe ThreadState.of(head)
  let record = unsafe thread.pointee.function
  let line = unsafe record.pointee.knownLine(instruction)
  if kind != .unwind, unsafe below == nil, line != unknownLine,
    unsafe thread.pointee.stack.innermost.raised == nil,
    let writer = unsafe thread.pointee.writer
  {
    let mark = unsafe EventMark(
      function: record.pointee.recordedAs, line: line,
      depth: Int32(truncatingIfNeeded: thread.pointee.depth &- 1),
      stack: thread.pointee.stack.number, time: thread.pointee.clock.now())
    if unsafe writer.pointee.encoder.foretoldLeave(
      EventKind(kind), mark, callLine: record.pointee.recordedCallLine)
    {
      _ = unsafe thread.pointee.pop()
      return .proceed
    }
  }
  return unsafe leaveSlowly(thread, frame, kind, value, below)
}

@inline(never)
private func callSlowly(
  _ thread: UnsafeMutablePointer<ThreadState>, _ function: UnsafeMutablePointer<FunctionRecord>,
  _ frame: UnsafeRawPointer, _ kind: CTraceHook_Kind, _ below: UnsafeRawPointer?
) -> CTraceHook_Outcome {
  unsafe thread.pointee.session._withUnsafeGuaranteedRef { session in
    defer { unsafe session.nameWriter(thread) }
    return unsafe session.call(thread, function, frame, kind, below: below)
  }
}

@inline(never)
private func lineSlowly(
  _ thread: UnsafeMutablePointer<ThreadState>, _ frame: UnsafeRawPointer, _ line: Int32
) -> CTraceHook_Outcome {
  unsafe thread.pointee.session._withUnsafeGuaranteedRef { session in
    defer { unsafe session.nameWriter(thread) }
    return unsafe session.line(thread, frame, line)
  }
}

@inline(never)
private func leaveSlowly(
  _ thread: UnsafeMutablePointer<ThreadState>, _ frame: UnsafeRawPointer, _ kind: CTraceHook_Kind,
  _ value: UnsafeRawPointer?, _ below: UnsafeRawPointer?
) -> CTraceHook_Outcome {
  unsafe thread.pointee.session._withUnsafeGuaranteedRef { session in
    defer { unsafe session.nameWriter(thread) }
    return unsafe session.leave(thread, frame, kind, value, below: below)
  }
}

extension Session {
  /// Has the next events of the thread go straight to its writer, once the recorder has made one.
  fileprivate func nameWriter(_ thread: UnsafeMutablePointer<ThreadState>) {
    guard unsafe thread.pointee.writer == nil, let recording = unsafe recording else { return }
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
