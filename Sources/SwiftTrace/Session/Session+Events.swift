import CTraceHook

/// The way of an event through the engine: thread state, filter decision, strategies.
///
/// Nothing here allocates, counts references or locks. The pointers are those of `HookRegistration`.
extension Session {
  /// Decides whether the function is traced, at its first event under the filter.
  func decide(_ function: UnsafeMutablePointer<FunctionRecord>, _ frame: borrowing Frame) -> Bool {
    // SAFETY: the record lives as long as the code object of the running frame.
    let isTraced = unsafe filter.accepts(Function(function), in: frame)
    unsafe function.pointee.head.decided_by = serial
    unsafe function.pointee.head.is_traced = isTraced
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

  /// Where an event of the innermost frame stands.
  @inline(__always)
  private func place(
    _ thread: UnsafeMutablePointer<ThreadState>, depth: Int, time: UInt64
  ) -> EventPlace {
    unsafe EventPlace(
      thread: thread.pointee.index, depth: depth, stack: thread.pointee.stack.number, time: time)
  }

  /// The time, where a strategy needs it.
  @inline(__always)
  private var now: UInt64 { plan.needsTime ? clock.now() : 0 }

  @inline(__always)
  func call(
    _ thread: UnsafeMutablePointer<ThreadState>, _ function: UnsafeMutablePointer<FunctionRecord>,
    _ frame: UnsafeRawPointer, _ kind: CTraceHook_Kind, below: UnsafeRawPointer?
  ) -> CTraceHook_Outcome {
    let time = now
    if let below = unsafe below, unsafe !thread.pointee.isLast(below) {
      unsafe countPassedFrames(thread, below)
    }
    let depth = unsafe thread.pointee.depth
    unsafe thread.pointee.push(frame, function, at: time)
    guard depth < maximumDepth, unsafe plan.calls.count > 0 else { return .proceed }
    let call = unsafe CallEvent(
      kind: kind == .resume ? .resume : .call, function: Function(function), frame: Frame(frame),
      place: place(thread, depth: depth, time: time), line: nil)
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
    guard let function = unsafe knownFunction(frame) else { return }
    if unsafe function.pointee.head.decided_by != serial {
      _ = unsafe decide(function, Frame(frame))
    }
    if unsafe function.pointee.head.is_traced { unsafe thread.pointee.pushPassed(frame) }
  }

  /// The record of the frame's code object; nil before its first event.
  private func knownFunction(_ frame: UnsafeRawPointer) -> UnsafeMutablePointer<FunctionRecord>? {
    // SAFETY: the record of a code object that the frame keeps alive.
    unsafe CTraceHook_knownFunction(frame)?.assumingMemoryBound(to: FunctionRecord.self)
  }

  @inline(__always)
  func line(
    _ thread: UnsafeMutablePointer<ThreadState>, _ frame: UnsafeRawPointer, _ line: Int32
  ) -> CTraceHook_Outcome {
    unsafe tellLine(thread, frame, .line, line, plan.lines)
  }

  func opcode(
    _ thread: UnsafeMutablePointer<ThreadState>, _ frame: UnsafeRawPointer
  ) -> CTraceHook_Outcome {
    unsafe tellLine(thread, frame, .opcode, nil, plan.opcodes)
  }

  @inline(__always)
  private func tellLine(
    _ thread: UnsafeMutablePointer<ThreadState>, _ frame: UnsafeRawPointer, _ kind: LineEvent.Kind,
    _ line: Int32?, _ runners: UnsafeBufferPointer<Unmanaged<StrategyRunner>>
  ) -> CTraceHook_Outcome {
    let depth = unsafe thread.pointee.depth - 1
    guard depth < maximumDepth else { return .proceed }
    let event = unsafe LineEvent(
      kind: kind, function: Function(thread.pointee.function), frame: Frame(frame),
      place: place(thread, depth: depth, time: now), line: line)
    for index in 0..<runners.count {
      let runner = unsafe runners[index]
      do {
        try unsafe runner._withUnsafeGuaranteedRef { try $0.line(event) }
      } catch { return unsafe fail(error, in: runner) }
    }
    return .proceed
  }

  @inline(__always)
  func leave(
    _ thread: UnsafeMutablePointer<ThreadState>, _ frame: UnsafeRawPointer, _ kind: CTraceHook_Kind,
    _ value: UnsafeRawPointer?, below: UnsafeRawPointer?
  ) -> CTraceHook_Outcome {
    let function = unsafe thread.pointee.function
    let depth = unsafe thread.pointee.depth - 1
    let time = now
    // SAFETY: what it owns is released below.
    let entry: FrameStack.Entry
    if let below = unsafe below {
      unsafe entry = thread.pointee.pop(butEnter: below, knownFunction(below), at: time)
    } else {
      unsafe entry = thread.pointee.pop()
    }
    defer { unsafe FrameStack.release(entry) }
    return unsafe tell(
      thread, frame, kind, value, of: function, entry, depth: depth, time: time)
  }

  @inline(__always)
  private func tell(
    _ thread: UnsafeMutablePointer<ThreadState>, _ frame: UnsafeRawPointer, _ kind: CTraceHook_Kind,
    _ value: UnsafeRawPointer?, of function: UnsafeMutablePointer<FunctionRecord>,
    _ entry: FrameStack.Entry, depth: Int, time: UInt64
  ) -> CTraceHook_Outcome {
    guard depth < maximumDepth, unsafe plan.returns.count > 0 else { return .proceed }
    let leaving = unsafe ReturnEvent(
      kind: ReturnEvent.Kind(kind), function: Function(function), frame: Frame(frame),
      place: place(thread, depth: depth, time: time), value: Value.optional(value),
      exceptionType: Value.optional(entry.raised), duration: time - entry.enteredAt, line: nil)
    for index in unsafe 0..<plan.returns.count {
      let runner = unsafe plan.returns[index]
      do {
        try unsafe runner._withUnsafeGuaranteedRef { try $0.return(leaving) }
      } catch { return unsafe fail(error, in: runner) }
    }
    return .proceed
  }

  func exception(
    _ thread: UnsafeMutablePointer<ThreadState>, _ frame: UnsafeRawPointer,
    _ type: UnsafeRawPointer, _ exception: UnsafeRawPointer, _ traceback: UnsafeRawPointer
  ) -> CTraceHook_Outcome {
    unsafe thread.pointee.raise(type)
    let depth = unsafe thread.pointee.depth - 1
    guard depth < maximumDepth, unsafe plan.exceptions.count > 0 else { return .proceed }
    let raised = unsafe ExceptionEvent(
      function: Function(thread.pointee.function), frame: Frame(frame),
      place: place(thread, depth: depth, time: now),
      exceptionType: Value(type), exception: Value(exception), traceback: Value(traceback),
      line: nil)
    for index in unsafe 0..<plan.exceptions.count {
      let runner = unsafe plan.exceptions[index]
      do {
        try unsafe runner._withUnsafeGuaranteedRef { try $0.exception(raised) }
      } catch { return unsafe fail(error, in: runner) }
    }
    return .proceed
  }

  func builtin(
    _ thread: UnsafeMutablePointer<ThreadState>, _ frame: UnsafeRawPointer, _ kind: CTraceHook_Kind,
    _ function: UnsafeRawPointer?
  ) -> CTraceHook_Outcome {
    let depth = unsafe thread.pointee.depth - 1
    guard depth < maximumDepth else { return .proceed }
    let builtin = unsafe BuiltinEvent(
      kind: BuiltinEvent.Kind(kind), function: Function(thread.pointee.function),
      frame: Frame(frame), place: place(thread, depth: depth, time: now),
      callee: Value.optional(function))
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
  init(_ kind: CTraceHook_Kind) {
    self =
      switch kind {
      case .yield: .yield
      case .await: .await
      case .unwind: .unwind
      default: .return
      }
  }
}

extension BuiltinEvent.Kind {
  fileprivate init(_ kind: CTraceHook_Kind) {
    self =
      switch kind {
      case .cCall: .call
      case .cReturn: .return
      default: .exception
      }
  }
}
