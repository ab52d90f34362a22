import CTraceHook

// The fast handlers of a session whose only strategy is a text logger that shows all depths and
// buffers its lines. They format the line directly, without the dispatch plan, and read only those
// parts of the event that the line shows. They decline an event if the buffered lines must be
// written.

extension TextLogger {
  /// Prints a call. Declines it, without side effects, if it needs the full tier.
  @inline(__always)
  static func printCall(
    _ thread: Pinned<ThreadState>, _ record: Pinned<FunctionRecord>, _ frame: ObjectAddress,
    _ kind: CTraceHook_Kind, _ below: ObjectAddress?
  ) -> CTraceHook_Outcome {
    let target = thread.value.target
    guard target.hasRoom, below == nil || thread.value.isLast(below!),
      !thread.value.stack.isFull
    else { return .declined }
    thread.value.pushUnchecked(frame, record, at: 0)
    let function = Function(record)
    appendCall(
      CallEvent.Kind(kind), of: function,
      line: { function.line(of: Frame(frame), isCalled: kind != .resume) },
      to: &target.buffer.value)
    return .proceed
  }

  /// Prints a line. Declines it, without side effects, if it needs the full tier.
  @inline(__always)
  static func printLine(_ thread: Pinned<ThreadState>, _ line: Int32) -> CTraceHook_Outcome {
    let target = thread.value.target
    guard target.hasRoom else { return .declined }
    appendLine(line, of: Function(thread.value.function), to: &target.buffer.value)
    return .proceed
  }

  /// Prints the end or suspension of a frame. Declines it, without side effects, if it needs the
  /// full tier.
  @inline(__always)
  static func printLeave(
    _ thread: Pinned<ThreadState>, _ kind: CTraceHook_Kind, _ value: ObjectAddress?,
    _ below: ObjectAddress?
  ) -> CTraceHook_Outcome {
    let target = thread.value.target
    guard let kind = ReturnEvent.Kind(kind), kind != .unwind, target.hasRoom, below == nil,
      !thread.value.stack.innermost.isOwner
    else { return .declined }
    let record = thread.value.function
    _ = thread.value.pop()
    appendLeave(
      kind, of: Function(record), value: Value.optional(value),
      exceptionType: nil, to: &target.buffer.value)
    return .proceed
  }
}
