import CTraceHook
import TraceFormat

/// The path of an event through the engine: thread state, filter decision, strategies.
///
/// Except for the decision, no code here allocates, counts references or takes a lock.
extension Session {
  /// Evaluates the filter for a function, at its first event under this filter, and stores the
  /// decision.
  func decide(_ function: Pinned<FunctionRecord>, _ frame: borrowing Frame) -> Bool {
    let isTraced = filter.accepts(Function(function), in: frame)
    if reportingProcess != nil { outcome.note(isTraced, Function(function), by: filter) }
    function.value.head.filter_generation = serial
    function.value.head.is_traced = isTraced
    return isTraced
  }

  /// Flushes the strategies. The first error ends tracing.
  func flush() -> CTraceHook_Outcome {
    for runner in plan.runners {
      do { try runner.flush() } catch { return fail(error, in: Unretained(runner)) }
    }
    return .proceed
  }

  /// Lets the strategies write the data of a thread that has ended. After an error, they have
  /// another chance in `finish`.
  func threadEnded(_ thread: Int) {
    for runner in plan.runners {
      do { try runner.threadEnded(thread) } catch {
        _ = fail(error, in: Unretained(runner))
      }
    }
  }

  /// The position of an event of the innermost frame.
  @inline(__always)
  private func place(
    _ thread: Pinned<ThreadState>, depth: Int, time: UInt64
  ) -> EventPlace {
    EventPlace(
      thread: thread.value.index, depth: depth, stack: thread.value.stack.number, time: time)
  }

  /// The current time in nanoseconds; 0 if no strategy needs it.
  @inline(__always)
  private var now: UInt64 { plan.needsTime ? clock.now() : 0 }

  @inline(__always)
  func call(
    _ thread: Pinned<ThreadState>, _ function: Pinned<FunctionRecord>,
    _ frame: ObjectAddress, _ kind: CTraceHook_Kind, below: ObjectAddress?
  ) -> CTraceHook_Outcome {
    let time = now
    if let below, !thread.value.isLast(below) {
      countFramesThrownThrough(thread, below)
    }
    let depth = thread.value.depth
    thread.value.push(frame, function, at: time)
    guard depth < maximumDepth, plan.calls.count > 0 else { return .proceed }
    let call = CallEvent(
      kind: CallEvent.Kind(kind), function: Function(function), frame: Frame(frame),
      place: place(thread, depth: depth, time: time), line: nil)
    for index in 0..<plan.calls.count {
      let runner = plan.calls[index]
      do {
        try runner.with { try $0.call(call) }
      } catch { return fail(error, in: runner) }
    }
    return .proceed
  }

  /// Counts the frames that a `throw()` passes through, in a chain of generators that delegate to
  /// each other. The innermost generator runs first; the others are below it on the interpreter's
  /// stack, still suspended, and have their events later.
  @inline(never)
  private func countFramesThrownThrough(
    _ thread: Pinned<ThreadState>, _ frame: ObjectAddress
  ) {
    guard !thread.value.isLast(frame), frame.isSuspended else { return }
    if let below = frame.generatorBelow {
      countFramesThrownThrough(thread, below)
    }
    guard let function = frame.knownFunction else { return }
    if function.value.head.filter_generation != serial {
      _ = decide(function, Frame(frame))
    }
    if function.value.head.is_traced { thread.value.pushPlaceholder(frame) }
  }

  @inline(__always)
  func line(
    _ thread: Pinned<ThreadState>, _ frame: ObjectAddress, _ line: Int32
  ) -> CTraceHook_Outcome {
    dispatchLine(thread, frame, .line, line, plan.lines)
  }

  func instruction(
    _ thread: Pinned<ThreadState>, _ frame: ObjectAddress, _ kind: CTraceHook_Kind
  ) -> CTraceHook_Outcome {
    let kind = LineEvent.Kind(kind)
    return dispatchLine(thread, frame, kind, nil, plan.list(EventKind(kind)))
  }

  @inline(__always)
  private func dispatchLine(
    _ thread: Pinned<ThreadState>, _ frame: ObjectAddress, _ kind: LineEvent.Kind,
    _ line: Int32?, _ runners: RunnerList
  ) -> CTraceHook_Outcome {
    let depth = thread.value.depth - 1
    guard depth < maximumDepth else { return .proceed }
    let event = LineEvent(
      kind: kind, function: Function(thread.value.function), frame: Frame(frame),
      place: place(thread, depth: depth, time: now), line: line)
    for index in 0..<runners.count {
      let runner = runners[index]
      do {
        try runner.with { try $0.line(event) }
      } catch { return fail(error, in: runner) }
    }
    return .proceed
  }

  @inline(__always)
  func leave(
    _ thread: Pinned<ThreadState>, _ frame: ObjectAddress, _ kind: CTraceHook_Kind,
    _ value: ObjectAddress?, below: ObjectAddress?
  ) -> CTraceHook_Outcome {
    let function = thread.value.function
    let depth = thread.value.depth - 1
    let time = now
    let entry =
      if let below {
        thread.value.pop(resuming: below, below.knownFunction, at: time)
      } else {
        thread.value.pop()
      }
    defer { entry.release() }
    return dispatchLeave(
      thread, frame, kind, value, of: function, entry, depth: depth, time: time)
  }

  @inline(__always)
  private func dispatchLeave(
    _ thread: Pinned<ThreadState>, _ frame: ObjectAddress, _ kind: CTraceHook_Kind,
    _ value: ObjectAddress?, of function: Pinned<FunctionRecord>,
    _ entry: FrameStack.Entry, depth: Int, time: UInt64
  ) -> CTraceHook_Outcome {
    guard depth < maximumDepth, plan.returns.count > 0 else { return .proceed }
    let leaving = ReturnEvent(
      kind: ReturnEvent.Kind(kind) ?? .return, function: Function(function), frame: Frame(frame),
      place: place(thread, depth: depth, time: time), value: Value.optional(value),
      exceptionType: Value.optional(entry.raised), duration: time - entry.enteredAt, line: nil)
    for index in 0..<plan.returns.count {
      let runner = plan.returns[index]
      do {
        try runner.with { try $0.return(leaving) }
      } catch { return fail(error, in: runner) }
    }
    return .proceed
  }

  func exception(
    _ thread: Pinned<ThreadState>, _ frame: ObjectAddress,
    _ type: ObjectAddress, _ exception: ObjectAddress, _ traceback: ObjectAddress
  ) -> CTraceHook_Outcome {
    thread.value.raise(type)
    let depth = thread.value.depth - 1
    guard depth < maximumDepth, plan.exceptions.count > 0 else { return .proceed }
    let raised = ExceptionEvent(
      function: Function(thread.value.function), frame: Frame(frame),
      place: place(thread, depth: depth, time: now),
      exceptionType: Value(type), exception: Value(exception), traceback: Value(traceback),
      line: nil)
    for index in 0..<plan.exceptions.count {
      let runner = plan.exceptions[index]
      do {
        try runner.with { try $0.exception(raised) }
      } catch { return fail(error, in: runner) }
    }
    return .proceed
  }

  func cCall(
    _ thread: Pinned<ThreadState>, _ frame: ObjectAddress, _ kind: CTraceHook_Kind,
    _ function: ObjectAddress?
  ) -> CTraceHook_Outcome {
    let depth = thread.value.depth - 1
    guard depth < maximumDepth else { return .proceed }
    let event = CCallEvent(
      kind: CCallEvent.Kind(kind), function: Function(thread.value.function),
      frame: Frame(frame), place: place(thread, depth: depth, time: now),
      callee: Value.optional(function))
    for index in 0..<plan.cCalls.count {
      let runner = plan.cCalls[index]
      do {
        try runner.with { try $0.cCall(event) }
      } catch { return fail(error, in: runner) }
    }
    return .proceed
  }
}
