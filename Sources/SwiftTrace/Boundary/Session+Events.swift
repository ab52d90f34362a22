import CTraceHook

/// The way of an event through the engine: thread state, filter decision, strategies.
///
/// Nothing here allocates, counts references or locks. The pointers are those of `HookRegistration`.
extension Session {
  /// Whether the function is traced. Decided at its first event in this session.
  @inline(__always)
  private func traces(
    _ function: UnsafeMutablePointer<FunctionRecord>, _ frame: UnsafeRawPointer
  ) -> Bool {
    // SAFETY: the record lives as long as the code object of the running frame.
    if unsafe function.pointee.decidedBy == serial { return unsafe function.pointee.isTraced }
    return unsafe decide(function, Frame(frame))
  }

  @inline(never)
  private func decide(
    _ function: UnsafeMutablePointer<FunctionRecord>, _ frame: borrowing Frame
  ) -> Bool {
    let isTraced = unsafe filter.accepts(Function(function), in: frame)
    unsafe function.pointee.decidedBy = serial
    unsafe function.pointee.isTraced = isTraced
    return isTraced
  }

  /// Has the strategies write out what they hold back.
  func flush() -> CTraceHook_Outcome {
    for runner in plan.runners {
      do { try runner.flush() } catch { return unsafe fail(error, in: .passUnretained(runner)) }
    }
    return .proceed
  }

  /// Has the strategies write out what belongs to a thread that is over. One that cannot is asked again
  /// at the end.
  func threadEnded(_ thread: Int) {
    for runner in plan.runners {
      do { try runner.threadEnded(thread) } catch {
        _ = unsafe fail(error, in: .passUnretained(runner))
      }
    }
  }

  @inline(__always)
  func call(
    _ thread: UnsafeMutablePointer<ThreadState>, _ event: UnsafePointer<CTraceHook_Event>
  ) -> CTraceHook_Outcome {
    let function = unsafe event.function
    guard unsafe traces(function, event.pointee.frame) else { return .proceed }
    let time = plan.needsTime ? clock.now() : 0
    if let below = unsafe event.pointee.below, unsafe !thread.pointee.isLast(below) {
      unsafe countPassedFrames(thread, below)
    }
    let depth = unsafe thread.pointee.depth
    unsafe thread.pointee.push(event.pointee.frame, at: time)
    guard depth < maximumDepth, unsafe plan.calls.count > 0 else { return .proceed }
    let place = unsafe EventPlace(
      thread: thread.pointee.index, depth: depth, stack: thread.pointee.stack.number,
      time: time)
    let call = unsafe CallEvent(
      kind: event.pointee.kind == .resume ? .resume : .call,
      function: Function(function), frame: Frame(event.pointee.frame), place: place,
      line: event.knownLine)
    for index in unsafe 0..<plan.calls.count {
      let runner = unsafe plan.calls[index]
      do {
        try unsafe runner._withUnsafeGuaranteedRef { try $0.call(call) }
      } catch { return unsafe fail(error, in: runner) }
    }
    return .proceed
  }

  /// `throw()` goes through a chain of generators that delegate to each other. The innermost runs
  /// first; the others lie below it on the interpreter's stack, still suspended, and have their
  /// events later. They count for the depth.
  @inline(never)
  private func countPassedFrames(
    _ thread: UnsafeMutablePointer<ThreadState>, _ frame: UnsafeRawPointer
  ) {
    guard unsafe !thread.pointee.isLast(frame), unsafe CTraceHook_isSuspended(frame) else { return }
    if let below = unsafe CTraceHook_generatorBelow(frame) {
      unsafe countPassedFrames(thread, below)
    }
    // SAFETY: the record of a code object that a frame keeps alive; NULL before its first event.
    let function = unsafe CTraceHook_knownFunction(frame)?.assumingMemoryBound(
      to: FunctionRecord.self)
    if let function = unsafe function, unsafe traces(function, frame) {
      unsafe thread.pointee.pushPassed(frame)
    }
  }

  @inline(__always)
  func line(
    _ thread: UnsafeMutablePointer<ThreadState>, _ event: UnsafePointer<CTraceHook_Event>
  ) -> CTraceHook_Outcome {
    let function = unsafe event.function
    guard unsafe traces(function, event.pointee.frame),
      unsafe thread.pointee.isInnermost(event.pointee.frame)
    else {
      return .proceed
    }
    let depth = unsafe thread.pointee.depth - 1
    guard depth < maximumDepth else { return .proceed }
    let place = unsafe EventPlace(
      thread: thread.pointee.index, depth: depth, stack: thread.pointee.stack.number,
      time: plan.needsTime ? clock.now() : 0)
    let isLine = unsafe event.pointee.kind == .line
    let line = unsafe LineEvent(
      kind: isLine ? .line : .opcode, function: Function(function),
      frame: Frame(event.pointee.frame), place: place, line: event.knownLine)
    let runners = unsafe isLine ? plan.lines : plan.opcodes
    for index in 0..<runners.count {
      let runner = unsafe runners[index]
      do {
        try unsafe runner._withUnsafeGuaranteedRef { try $0.line(line) }
      } catch { return unsafe fail(error, in: runner) }
    }
    return .proceed
  }

  @inline(__always)
  func leave(
    _ thread: UnsafeMutablePointer<ThreadState>, _ event: UnsafePointer<CTraceHook_Event>
  ) -> CTraceHook_Outcome {
    let function = unsafe event.function
    guard unsafe traces(function, event.pointee.frame),
      let entry = unsafe thread.pointee.pop(event.pointee.frame)
    else { return .proceed }
    defer { unsafe FrameStack.release(entry.raised) }
    let depth = unsafe thread.pointee.depth
    let time = plan.needsTime ? clock.now() : 0
    if let below = unsafe event.pointee.below {
      unsafe thread.pointee.popPassed(butEnter: below, at: time)
    } else {
      unsafe thread.pointee.popPassed()
    }
    guard depth < maximumDepth, unsafe plan.returns.count > 0 else { return .proceed }
    let place = unsafe EventPlace(
      thread: thread.pointee.index, depth: depth, stack: thread.pointee.stack.number,
      time: time)
    let leaving = unsafe ReturnEvent(
      kind: ReturnEvent.Kind(event.pointee.kind), function: Function(function),
      frame: Frame(event.pointee.frame), place: place, value: Value.optional(event.pointee.value),
      exceptionType: Value.optional(entry.raised), duration: time - entry.enteredAt,
      line: event.knownLine)
    for index in unsafe 0..<plan.returns.count {
      let runner = unsafe plan.returns[index]
      do {
        try unsafe runner._withUnsafeGuaranteedRef { try $0.return(leaving) }
      } catch { return unsafe fail(error, in: runner) }
    }
    return .proceed
  }

  @inline(__always)
  func exception(
    _ thread: UnsafeMutablePointer<ThreadState>, _ event: UnsafePointer<CTraceHook_Event>
  ) -> CTraceHook_Outcome {
    let function = unsafe event.function
    guard unsafe traces(function, event.pointee.frame),
      unsafe thread.pointee.isInnermost(event.pointee.frame)
    else {
      return .proceed
    }
    // SAFETY: the hook hands on an exception event's argument, always a tuple of three.
    guard let argument = unsafe event.pointee.value else { return .proceed }
    unsafe thread.pointee.raise(CTraceHook_item(argument, 0))
    let depth = unsafe thread.pointee.depth - 1
    guard depth < maximumDepth, unsafe plan.exceptions.count > 0 else { return .proceed }
    let place = unsafe EventPlace(
      thread: thread.pointee.index, depth: depth, stack: thread.pointee.stack.number,
      time: plan.needsTime ? clock.now() : 0)
    let raised = unsafe ExceptionEvent(
      function: Function(function), frame: Frame(event.pointee.frame), place: place,
      exceptionType: Value(CTraceHook_item(argument, 0)),
      exception: Value(CTraceHook_item(argument, 1)),
      traceback: Value(CTraceHook_item(argument, 2)), line: event.knownLine)
    for index in unsafe 0..<plan.exceptions.count {
      let runner = unsafe plan.exceptions[index]
      do {
        try unsafe runner._withUnsafeGuaranteedRef { try $0.exception(raised) }
      } catch { return unsafe fail(error, in: runner) }
    }
    return .proceed
  }

  @inline(__always)
  func builtin(
    _ thread: UnsafeMutablePointer<ThreadState>, _ event: UnsafePointer<CTraceHook_Event>
  ) -> CTraceHook_Outcome {
    let function = unsafe event.function
    guard unsafe traces(function, event.pointee.frame),
      unsafe thread.pointee.isInnermost(event.pointee.frame)
    else { return .proceed }
    let depth = unsafe thread.pointee.depth - 1
    guard depth < maximumDepth else { return .proceed }
    let place = unsafe EventPlace(
      thread: thread.pointee.index, depth: depth, stack: thread.pointee.stack.number,
      time: plan.needsTime ? clock.now() : 0)
    let kind: BuiltinEvent.Kind =
      switch unsafe event.pointee.kind {
      case .cCall: .call
      case .cReturn: .return
      default: .exception
      }
    let builtin = unsafe BuiltinEvent(
      kind: kind, function: Function(function), frame: Frame(event.pointee.frame), place: place,
      callee: Value.optional(event.pointee.value))
    for index in unsafe 0..<plan.builtins.count {
      let runner = unsafe plan.builtins[index]
      do {
        try unsafe runner._withUnsafeGuaranteedRef { try $0.builtin(builtin) }
      } catch { return unsafe fail(error, in: runner) }
    }
    return .proceed
  }
}

extension ReturnEvent.Kind {
  @inline(__always)
  fileprivate init(_ kind: CTraceHook_Kind) {
    self =
      switch kind {
      case .yield: .yield
      case .await: .await
      case .unwind: .unwind
      default: .return
      }
  }
}

extension UnsafePointer<CTraceHook_Event> {
  /// What `define` gave for the code object.
  @inline(__always)
  fileprivate var function: UnsafeMutablePointer<FunctionRecord> {
    unsafe pointee.function.assumingMemoryBound(to: FunctionRecord.self)
  }

  /// The line, where the hook had it at hand.
  @inline(__always)
  fileprivate var knownLine: Int32? {
    unsafe pointee.line == CTraceHook_LINE_UNKNOWN ? nil : pointee.line
  }
}
