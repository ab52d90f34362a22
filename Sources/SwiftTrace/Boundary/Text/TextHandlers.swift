import CTraceHook

typealias CallHandler =
  @convention(c) (
    ThreadPointer, FunctionPointer, UnsafeRawPointer, CTraceHook_Kind, UnsafeRawPointer?
  ) -> CTraceHook_Outcome
typealias LineHandler =
  @convention(c) (ThreadPointer, UnsafeRawPointer, Int32) -> CTraceHook_Outcome
typealias LeaveHandler =
  @convention(c) (
    ThreadPointer, UnsafeRawPointer, CTraceHook_Kind, UnsafeRawPointer?, UnsafeRawPointer?
  ) -> CTraceHook_Outcome

/// The handlers of a session whose one strategy is a logger of text that shows all depths.
///
/// An event gets from here to the logger's own method, which is inlined: no plan of dispatch is walked, and nothing
/// of an event is worked out that the line does not have. What is not as usual goes the way of all strategies.
@safe struct TextHandlers {
  // SAFETY: what they are called with is the hook's word, see `CTraceHook_session.h`.
  /// Each is nil where the logger does not print such events.
  var call: CallHandler?
  var line: LineHandler?
  var leave: LeaveHandler?

  /// Has them called in the place of the general ones.
  @unsafe func take(over handlers: inout CTraceHook_Handlers) {
    if let call = unsafe call { unsafe handlers.call = call }
    if let line = unsafe line { unsafe handlers.line = line }
    if let leave = unsafe leave { unsafe handlers.leave = leave }
  }
}

extension EventLogger {
  static var handlers: TextHandlers {
    unsafe TextHandlers(
      call: { unsafe printCall(EventLogger.self, $0, $1, $2, $3, $4) },
      line: { unsafe printLine(EventLogger.self, $0, $1, $2) },
      leave: { unsafe printLeave(EventLogger.self, $0, $1, $2, $3, $4) })
  }
}

extension CallLogger {
  static var handlers: TextHandlers {
    unsafe TextHandlers(call: { unsafe printCall(CallLogger.self, $0, $1, $2, $3, $4) })
  }
}

extension LineLogger {
  static var handlers: TextHandlers {
    unsafe TextHandlers(line: { unsafe printLine(LineLogger.self, $0, $1, $2) })
  }
}

extension ReturnLogger {
  static var handlers: TextHandlers {
    unsafe TextHandlers(leave: { unsafe printLeave(ReturnLogger.self, $0, $1, $2, $3, $4) })
  }
}

@inline(__always)
private func printCall<Logger: TextLogger>(
  _: Logger.Type, _ head: ThreadPointer, _ function: FunctionPointer, _ frame: UnsafeRawPointer,
  _ kind: CTraceHook_Kind, _ below: UnsafeRawPointer?
) -> CTraceHook_Outcome {
  let thread = unsafe ThreadState.of(head)
  guard unsafe (below == nil || thread.pointee.isLast(below!)),
    unsafe !thread.pointee.stack.isFull
  else { return unsafe handleCall(head, function, frame, kind, below) }
  let record = unsafe FunctionRecord.of(function)
  unsafe thread.pointee.place(frame, record, at: 0)
  let function = unsafe Function(record)
  let target = unsafe thread.pointee.target
  unsafe Logger.appendCall(
    kind == .resume ? .resume : .call, of: function,
    line: { unsafe function.line(of: Frame(frame), isCalled: kind != .resume) },
    to: &target.buffer.pointee)
  return target.isFull ? unsafe drain(thread) : .proceed
}

@inline(__always)
private func printLine<Logger: TextLogger>(
  _: Logger.Type, _ head: ThreadPointer, _ frame: UnsafeRawPointer, _ line: Int32
) -> CTraceHook_Outcome {
  let thread = unsafe ThreadState.of(head)
  let target = unsafe thread.pointee.target
  unsafe Logger.appendLine(
    line, of: Function(thread.pointee.function), to: &target.buffer.pointee)
  return target.isFull ? unsafe drain(thread) : .proceed
}

@inline(__always)
private func printLeave<Logger: TextLogger>(
  _: Logger.Type, _ head: ThreadPointer, _ frame: UnsafeRawPointer, _ kind: CTraceHook_Kind,
  _ value: UnsafeRawPointer?, _ below: UnsafeRawPointer?
) -> CTraceHook_Outcome {
  let thread = unsafe ThreadState.of(head)
  guard kind != .unwind, unsafe below == nil, unsafe !thread.pointee.stack.innermost.isOwner
  else { return unsafe handleLeave(head, frame, kind, value, below) }
  let record = unsafe thread.pointee.function
  _ = unsafe thread.pointee.pop()
  let event = unsafe ReturnEvent(
    kind: ReturnEvent.Kind(kind), function: Function(record), frame: Frame(frame),
    place: EventPlace(), value: Value.optional(value))
  let target = unsafe thread.pointee.target
  unsafe Logger.appendLeave(event, to: &target.buffer.pointee)
  return target.isFull ? unsafe drain(thread) : .proceed
}

extension ThreadState {
  /// Where lines are added. These handlers are those of a session of one logger of text, which has it.
  @inline(__always)
  fileprivate var target: TextSink.Target { unsafe text.unsafelyUnwrapped }
}

/// Enough is gathered: writes it out.
@inline(never)
private func drain(_ thread: UnsafeMutablePointer<ThreadState>) -> CTraceHook_Outcome {
  unsafe thread.pointee.session._withUnsafeGuaranteedRef { session in
    do { try session.text?.sink.drain() } catch {
      return unsafe session.fail(error, in: .passUnretained(session.plan.runners[0]))
    }
    return .proceed
  }
}
