import CTraceHook

// The fast handlers of a session whose one strategy is a logger of text that shows all depths and
// gathers its lines. They format a line where the event arrives: no plan of dispatch is walked, and
// nothing of the event is worked out that the line does not have. They decline an event if the
// gathered lines are to be written out.

extension TextLogger {
  /// Prints a call. Returns false, without side effects, to decline the event.
  @inline(__always)
  static func printCall(
    _ thread: Pinned<ThreadState>, _ record: Pinned<FunctionRecord>, _ frame: ObjectAddress,
    _ kind: CTraceHook_Kind, _ below: ObjectAddress?
  ) -> Bool {
    let target = thread.value.target
    guard target.hasRoom, below == nil || thread.value.isLast(below!),
      !thread.value.stack.isFull
    else { return false }
    thread.value.pushUnchecked(frame, record, at: 0)
    let function = Function(record)
    appendCall(
      kind == .resume ? .resume : .call, of: function,
      line: { function.line(of: Frame(frame), isCalled: kind != .resume) },
      to: &target.buffer.value)
    return true
  }

  /// Prints a line. Returns false, without side effects, to decline the event.
  @inline(__always)
  static func printLine(_ thread: Pinned<ThreadState>, _ line: Int32) -> Bool {
    let target = thread.value.target
    guard target.hasRoom else { return false }
    appendLine(line, of: Function(thread.value.function), to: &target.buffer.value)
    return true
  }

  /// Prints how a frame is left. Returns false, without side effects, to decline the event.
  @inline(__always)
  static func printLeave(
    _ thread: Pinned<ThreadState>, _ kind: CTraceHook_Kind, _ value: ObjectAddress?,
    _ below: ObjectAddress?
  ) -> Bool {
    let target = thread.value.target
    guard target.hasRoom, kind != .unwind, below == nil, !thread.value.stack.innermost.isOwner
    else { return false }
    let record = thread.value.function
    _ = thread.value.pop()
    appendLeave(
      ReturnEvent.Kind(kind), of: Function(record), value: Value.optional(value),
      exceptionType: nil, to: &target.buffer.value)
    return true
  }
}
