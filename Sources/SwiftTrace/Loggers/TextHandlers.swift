import CTraceHook

// The quick handlers of a session whose one strategy is a logger of text that shows all depths, and that gathers its
// lines. An event gets from here to the logger's own method, which is inlined: no plan of dispatch is walked,
// nothing of an event is worked out that the line does not have, and nothing is written out. When so much is gathered
// that it is to be written, and for what is not as usual, they leave the event to the way of all strategies.

extension EventLogger {
  static var quickHandlers: QuickHandlers {
    unsafe QuickHandlers(
      call: { unsafe printCall(EventLogger.self, $0, $1, $2, .call, $3) },
      generator: { head, function, frame, kind, below, _ in
        unsafe printCall(EventLogger.self, head, function, frame, kind, below)
      },
      line: { unsafe printLine(EventLogger.self, $0, $1) },
      leave: { head, kind, value, below, _ in
        unsafe printLeave(EventLogger.self, head, kind, value, below)
      })
  }
}

extension CallLogger {
  static var quickHandlers: QuickHandlers {
    unsafe QuickHandlers(
      call: { unsafe printCall(CallLogger.self, $0, $1, $2, .call, $3) },
      generator: { head, function, frame, kind, below, _ in
        unsafe printCall(CallLogger.self, head, function, frame, kind, below)
      },
      leave: { head, kind, value, below, _ in
        unsafe printLeave(CallLogger.self, head, kind, value, below)
      })
  }
}

extension LineLogger {
  static var quickHandlers: QuickHandlers {
    unsafe QuickHandlers(
      call: { unsafe printCall(LineLogger.self, $0, $1, $2, .call, $3) },
      generator: { head, function, frame, kind, below, _ in
        unsafe printCall(LineLogger.self, head, function, frame, kind, below)
      },
      line: { unsafe printLine(LineLogger.self, $0, $1) },
      leave: { head, kind, value, below, _ in
        unsafe printLeave(LineLogger.self, head, kind, value, below)
      })
  }
}

extension ReturnLogger {
  static var quickHandlers: QuickHandlers {
    unsafe QuickHandlers(
      call: { unsafe printCall(ReturnLogger.self, $0, $1, $2, .call, $3) },
      generator: { head, function, frame, kind, below, _ in
        unsafe printCall(ReturnLogger.self, head, function, frame, kind, below)
      },
      leave: { head, kind, value, below, _ in
        unsafe printLeave(ReturnLogger.self, head, kind, value, below)
      })
  }
}

@inline(__always)
private func printCall<Logger: TextLogger>(
  _: Logger.Type, _ head: ThreadPointer, _ function: FunctionPointer, _ frame: UnsafeRawPointer,
  _ kind: CTraceHook_Kind, _ below: UnsafeRawPointer?
) -> Bool {
  let thread = unsafe ThreadState.of(head)
  let target = unsafe thread.pointee.target
  guard target.hasRoom, unsafe (below == nil || thread.pointee.isLast(below!)),
    unsafe !thread.pointee.stack.isFull
  else { return false }
  let record = unsafe FunctionRecord.of(function)
  unsafe thread.pointee.place(frame, record, at: 0)
  let function = unsafe Function(record)
  unsafe Logger.appendCall(
    kind == .resume ? .resume : .call, of: function,
    line: { unsafe function.line(of: Frame(frame), isCalled: kind != .resume) },
    to: &target.buffer.pointee)
  return true
}

@inline(__always)
private func printLine<Logger: TextLogger>(
  _: Logger.Type, _ head: ThreadPointer, _ line: Int32
) -> Bool {
  let thread = unsafe ThreadState.of(head)
  let target = unsafe thread.pointee.target
  guard target.hasRoom else { return false }
  unsafe Logger.appendLine(
    line, of: Function(thread.pointee.function), to: &target.buffer.pointee)
  return true
}

@inline(__always)
private func printLeave<Logger: TextLogger>(
  _: Logger.Type, _ head: ThreadPointer, _ kind: CTraceHook_Kind, _ value: UnsafeRawPointer?,
  _ below: UnsafeRawPointer?
) -> Bool {
  let thread = unsafe ThreadState.of(head)
  let target = unsafe thread.pointee.target
  guard target.hasRoom, kind != .unwind, unsafe below == nil,
    unsafe !thread.pointee.stack.innermost.isOwner
  else { return false }
  let record = unsafe thread.pointee.function
  _ = unsafe thread.pointee.pop()
  unsafe Logger.appendLeave(
    ReturnEvent.Kind(kind), of: Function(record), value: Value.optional(value), exceptionType: nil,
    to: &target.buffer.pointee)
  return true
}

extension ThreadState {
  /// Where lines are added. These handlers are those of a session of one logger of text, which has it.
  @inline(__always)
  fileprivate var target: TextSink.Target { unsafe text.unsafelyUnwrapped }
}
