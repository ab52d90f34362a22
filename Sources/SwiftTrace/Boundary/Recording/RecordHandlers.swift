import CTraceHook
import TraceFormat

// The handlers of a session whose one strategy is a recorder that keeps no values and all depths. What is as
// foretold goes from here to the encoder; all else goes the way of all strategies, which ends in `Recording`.

let recordCall: CallHandler = { head, function, frame, kind, below, instruction in
  let thread = unsafe ThreadState.of(head)
  let record = unsafe FunctionRecord.of(function)
  return unsafe thread.pointee.session._withUnsafeGuaranteedRef { session in
    // A frame that a generator owns may be entered anywhere.
    if kind == .call, unsafe below == nil, unsafe !record.pointee.canSuspend,
      let writer = unsafe thread.pointee.writer,
      unsafe record.pointee.definedIn == session.recording!.pointee.serial
    {
      let time = session.clock.now()
      let mark = unsafe EventMark(
        function: record.pointee.recordedAs, line: record.pointee.recordedCallLine,
        depth: Int32(truncatingIfNeeded: thread.pointee.depth), stack: thread.pointee.stack.number,
        time: time)
      if unsafe writer.pointee.encoder.call(mark, isUsual: true) {
        unsafe thread.pointee.push(frame, record, at: time)
        return .proceed
      }
    }
    let outcome = unsafe session.call(thread, record, frame, kind, below: below)
    unsafe session.nameWriter(thread)
    return outcome
  }
}

let recordLine: LineHandler = { head, frame, line in
  let thread = unsafe ThreadState.of(head)
  return unsafe thread.pointee.session._withUnsafeGuaranteedRef { session in
    if let writer = unsafe thread.pointee.writer {
      let mark = unsafe EventMark(
        function: thread.pointee.function.pointee.recordedAs, line: line,
        depth: Int32(truncatingIfNeeded: thread.pointee.depth &- 1),
        stack: thread.pointee.stack.number, time: session.clock.now())
      if unsafe writer.pointee.encoder.foretoldLine(mark) { return .proceed }
    }
    let outcome = unsafe session.line(thread, frame, line)
    unsafe session.nameWriter(thread)
    return outcome
  }
}

let recordLeave: LeaveHandler = { head, frame, kind, value, below, instruction in
  let thread = unsafe ThreadState.of(head)
  return unsafe thread.pointee.session._withUnsafeGuaranteedRef { session in
    let record = unsafe thread.pointee.function
    let line = unsafe record.pointee.knownLine(instruction)
    if kind != .unwind, unsafe below == nil, line != unknownLine,
      unsafe thread.pointee.stack.innermost.raised == nil,
      let writer = unsafe thread.pointee.writer
    {
      let mark = unsafe EventMark(
        function: record.pointee.recordedAs, line: line,
        depth: Int32(truncatingIfNeeded: thread.pointee.depth &- 1),
        stack: thread.pointee.stack.number, time: session.clock.now())
      if unsafe writer.pointee.encoder.foretoldLeave(EventKind(kind), mark) {
        _ = unsafe thread.pointee.pop()
        return .proceed
      }
    }
    let outcome = unsafe session.leave(thread, frame, kind, value, below: below)
    unsafe session.nameWriter(thread)
    return outcome
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
