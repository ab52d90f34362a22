import TraceFormat

/// Maintains the stacks of a thread from its events, and reports its calls to a visitor.
struct CallWalker: ~Copyable {
  private var thread: WalkedThread
  /// The stack of the current event.
  var stack = CallStack(number: 0)
  /// The thread's other stacks, by number.
  private var others: [UInt32: CallStack] = [:]
  /// Number of running calls of each function on each stack.
  private var running = RunningCounts()
  private var lastTime: UInt64 = 0
  /// Whether the time up to the next event belongs to code that was not recorded: a function that
  /// it called has just ended.
  private var isInUnrecorded = false
  /// Whether the thread has had a line event.
  private var hasLines = false
  /// Number of calls on the other stacks.
  private var pausedCalls = 0
  private var awaits = AwaitEnds()

  /// Maximum number of missing frames between two known ones.
  private static let longestGap = 64
  /// Maximum number of other stacks that are kept.
  private static let mostStacks = 1 << 16
  /// Maximum number of running calls that are kept, on all stacks of the thread.
  private static let mostCalls = 1 << 19

  init(_ thread: WalkedThread) { self.thread = thread }

  /// Processes the next event.
  @inline(__always)
  mutating func take(_ event: DecodedEvent, _ visitor: inout some CallVisitor) {
    let mark = event.mark
    if mark.stack != stack.number { change(to: mark.stack, at: mark.time) }
    if isInUnrecorded { countUnrecorded(until: mark.time) }
    lastTime = mark.time
    let depth = Int(mark.depth)
    if event.kind.enters {
      if depth != stack.depth { settle(depth, at: mark.time, &visitor) }
      return enter(event, &visitor)
    }
    if depth != stack.depth - 1 || stack.calls.isEmpty || stack.top.function != mark.function {
      find(event, &visitor)
    }
    switch event.kind {
    case .line:
      hasLines = true
      visitor.line(event, &stack, thread)
      let now = mark.time &- stack.paused
      stack.moveToLine(mark.line, at: now)
    case let kind where kind.leaves: leave(CallEnd(kind), event, &visitor)
    case .exception: exception(event, &visitor)
    case .cCall: enterCFunction(event, &visitor)
    case .cReturn, .cException: leaveCFunction(event, &visitor)
    default: visitor.opcode(event, &stack, thread)
    }
  }

  /// Processes the next event, which enters a frame from code that was not recorded.
  ///
  /// If that code has been running since its previous call, all the time since the last event is
  /// its. Otherwise the innermost function ran for part of that time; only line events show for how
  /// long.
  mutating func takeIndirect(
    _ event: DecodedEvent, goesOn: Bool, _ visitor: inout some CallVisitor
  ) {
    let isOnStack =
      event.kind.enters && event.mark.stack == stack.number && Int(event.mark.depth) == stack.depth
    if isOnStack, goesOn || hasLines { countUnrecorded(until: event.mark.time) }
    take(event, &visitor)
    if isOnStack, !stack.calls.isEmpty { stack.top.isIndirect = true }
  }

  /// Attributes the time since the last event to code that was not recorded and that the innermost
  /// function called.
  @inline(never)
  private mutating func countUnrecorded(until time: UInt64) {
    isInUnrecorded = false
    guard !stack.calls.isEmpty, !stack.top.isUnknown, lastTime < time else { return }
    stack.top.callees &+= time - lastTime
    stack.top.notRecorded &+= time - lastTime
  }

  /// Ends all calls as lost, because events are missing before the next one.
  mutating func skip(_ visitor: inout some CallVisitor) {
    closeAll(&visitor)
    visitor.gap(thread)
  }

  /// Ends all calls as lost, because the thread has no more events.
  mutating func finish(_ visitor: inout some CallVisitor) {
    closeAll(&visitor)
    visitor.end(thread)
  }

  // MARK: Entering and leaving

  @inline(__always)
  private mutating func enter(_ event: DecodedEvent, _ visitor: inout some CallVisitor) {
    let mark = event.mark
    if stack.calls.count >= Self.mostCalls &- pausedCalls { makeRoom(&visitor) }
    push(
      function: mark.function, line: mark.line, task: event.task, at: mark.time,
      isResumed: event.kind == .resume, isWhole: true)
    visitor.enter(event, &stack, thread)
  }

  @inline(__always)
  private mutating func push(
    function: UInt32, cFunction: UInt32 = 0, line: Int32, task: UInt32, at time: UInt64,
    isResumed: Bool, isWhole: Bool
  ) {
    let now = time &- stack.paused
    let isRecursive = running.enter(function, on: stack.number)
    stack.calls.append(
      RunningCall(
        function: function, cFunction: cFunction, line: line, task: task, enteredAt: time,
        isResumed: isResumed, isWhole: isWhole, isRecursive: isRecursive,
        hasLine: isResumed,
        entered: now, lineSince: now))
    if cFunction == 0 { stack.depth &+= 1 }
  }

  @inline(__always)
  private mutating func leave(
    _ end: CallEnd, _ event: DecodedEvent, _ visitor: inout some CallVisitor
  ) {
    if end == .unwound, stack.top.exception == .none { stack.top.exception = .raised }
    visitor.leave(end, at: event.mark.time, event, &stack, thread)
    pop(end, at: event.mark.time)
  }

  @inline(__always)
  private mutating func pop(_ end: CallEnd, at time: UInt64) {
    let total = stack.times(at: time).total
    let call = stack.calls.removeLast()
    running.leave(call.function, on: stack.number)
    if call.isIndirect { isInUnrecorded = hasLines && end != .lost }
    if call.cFunction == 0 { stack.depth &-= 1 }
    guard !stack.calls.isEmpty else { return }
    stack.top.callees &+= total
    if end == .unwound, call.cFunction == 0 || call.exception == .arriving {
      stack.top.exception = .arriving
    }
  }

  @inline(never)
  private mutating func exception(_ event: DecodedEvent, _ visitor: inout some CallVisitor) {
    if awaits.isEnd(event, in: thread) {
      return visitor.exception(event, isRaised: false, &stack, thread)
    }
    let isRaised = stack.top.exception != .arriving
    stack.top.exception = isRaised ? .raised : .arrived
    stack.top.line = event.mark.line
    visitor.exception(event, isRaised: isRaised, &stack, thread)
  }

  @inline(never)
  private mutating func enterCFunction(_ event: DecodedEvent, _ visitor: inout some CallVisitor) {
    if stack.calls.count >= Self.mostCalls &- pausedCalls { makeRoom(&visitor) }
    push(
      function: 0, cFunction: event.cFunction, line: 0, task: event.task, at: event.mark.time,
      isResumed: false, isWhole: true)
    visitor.enter(event, &stack, thread)
  }

  @inline(never)
  private mutating func leaveCFunction(_ event: DecodedEvent, _ visitor: inout some CallVisitor) {
    // A C call whose beginning is missing is not reported.
    guard stack.top.cFunction != 0, stack.top.cFunction == event.cFunction else { return }
    visitor.leave(CallEnd(event.kind), at: event.mark.time, event, &stack, thread)
    pop(CallEnd(event.kind), at: event.mark.time)
  }

  // MARK: Missing events

  /// Corrects the stack so that the event's frame is the innermost.
  @inline(never)
  private mutating func find(_ event: DecodedEvent, _ visitor: inout some CallVisitor) {
    let mark = event.mark
    let depth = Int(max(0, mark.depth))
    if depth >= stack.unknown, stack.depth > depth {
      while stack.depth > depth + 1 { close(at: mark.time, &visitor) }
      if stack.top.cFunction != 0, stack.top.cFunction == event.cFunction,
        event.kind == .cReturn || event.kind == .cException
      {
        return
      }
      while stack.top.cFunction != 0 { close(at: mark.time, &visitor) }
      if stack.top.function == mark.function { return }
      close(at: mark.time, &visitor)
    }
    if stack.depth != depth { settle(depth, at: mark.time, &visitor) }
    if stack.calls.count >= Self.mostCalls &- pausedCalls { makeRoom(&visitor) }
    push(
      function: mark.function, line: mark.line, task: event.task, at: mark.time, isResumed: false,
      isWhole: false)
    visitor.enter(event, &stack, thread)
  }

  /// Ends unknown calls, or adds them, until the stack has the wanted number of frames.
  @inline(never)
  private mutating func settle(_ wanted: Int, at time: UInt64, _ visitor: inout some CallVisitor) {
    let depth = max(0, wanted)
    if depth < stack.unknown || depth > stack.depth + Self.longestGap {
      while !stack.calls.isEmpty { close(at: time, &visitor) }
      (stack.unknown, stack.depth) = (depth, depth)
    }
    while stack.depth > depth { close(at: time, &visitor) }
    while stack.depth < depth {
      if stack.calls.count >= Self.mostCalls &- pausedCalls { makeRoom(&visitor) }
      push(function: 0, line: 0, task: 0, at: time, isResumed: false, isWhole: false)
    }
  }

  /// Ends all running calls as lost, because there are too many to keep.
  @inline(never)
  private mutating func makeRoom(_ visitor: inout some CallVisitor) {
    thread.events.noteLimit("more than \(Self.mostCalls) calls run at once: they are not followed")
    let (number, depth) = (stack.number, stack.depth)
    closeAll(&visitor)
    stack = CallStack(number: number)
    (stack.unknown, stack.depth) = (depth, depth)
  }

  /// Ends the innermost call as lost.
  private mutating func close(at time: UInt64, _ visitor: inout some CallVisitor) {
    if !stack.top.isUnknown { visitor.leave(.lost, at: time, nil, &stack, thread) }
    pop(.lost, at: time)
  }

  /// Ends all calls of all stacks as lost.
  private mutating func closeAll(_ visitor: inout some CallVisitor) {
    while !stack.calls.isEmpty { close(at: lastTime, &visitor) }
    for number in others.keys.sorted() {
      guard let other = others[number] else { continue }
      let until = other.pausedAt
      others[number] = nil
      stack = other
      while !stack.calls.isEmpty { close(at: until, &visitor) }
    }
    others = [:]
    (pausedCalls, isInUnrecorded) = (0, false)
    stack = CallStack(number: 0)
  }

  /// Switches to another stack.
  @inline(never)
  private mutating func change(to number: UInt32, at time: UInt64) {
    isInUnrecorded = false
    running.split()
    if !stack.calls.isEmpty || stack.unknown > 0 {
      stack.pausedAt = time
      if others.count >= Self.mostStacks {
        thread.events.noteLimit("more than \(Self.mostStacks) greenlets: they are not followed")
        for other in others.values {
          for call in other.calls { running.leave(call.function, on: other.number) }
        }
        (others, pausedCalls) = ([:], 0)
      }
      pausedCalls += stack.calls.count
      others[stack.number] = stack
    }
    stack = others.removeValue(forKey: number) ?? CallStack(number: number)
    pausedCalls -= stack.calls.count
    if stack.pausedAt > 0 { stack.paused &+= time &- min(time, stack.pausedAt) }
  }
}

extension CallStack {
  @inline(__always)
  fileprivate mutating func moveToLine(_ line: Int32, at now: UInt64) {
    let last = calls.count - 1
    calls[last].line = line
    calls[last].lineSince = now
    calls[last].lineCallees = calls[last].callees
    calls[last].hasLine = true
    if calls[last].exception == .arriving { calls[last].exception = .none }
  }
}
