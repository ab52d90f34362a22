import TraceFormat

/// Keeps the stacks of a thread while its events go by, and tells a visitor of its calls.
struct CallWalker: ~Copyable {
  private var thread: WalkedThread
  /// What is running.
  var stack = CallStack(number: 0)
  /// The thread's other stacks.
  private var others: [UInt32: CallStack] = [:]
  /// How often a function is on the stack, by its number.
  private var running: [UInt32] = []
  private var lastTime: UInt64 = 0
  private var awaits = AwaitEnds()

  /// Frames that may be missing between two that are known.
  private static let longestGap = 64
  /// Stacks that are remembered.
  private static let mostStacks = 1 << 16

  init(_ thread: WalkedThread) { self.thread = thread }

  /// Takes the next event.
  @inline(__always)
  mutating func take(_ event: DecodedEvent, _ visitor: inout some CallVisitor) {
    let mark = event.mark
    if mark.stack != stack.number { change(to: mark.stack, at: mark.time) }
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
      visitor.line(event, &stack, thread)
      let now = mark.time &- stack.paused
      stack.moveToLine(mark.line, at: now)
    case .return, .yield, .await, .unwind: leave(CallEnd(event.kind), event, &visitor)
    case .exception: exception(event, &visitor)
    case .builtinCall: enterBuiltin(event, &visitor)
    case .builtinReturn, .builtinException: leaveBuiltin(event, &visitor)
    default: visitor.opcode(event, &stack, thread)
    }
  }

  /// Events are missing here.
  mutating func skip(_ visitor: inout some CallVisitor) {
    closeAll(&visitor)
    visitor.gap(thread)
  }

  /// The thread is over.
  mutating func finish(_ visitor: inout some CallVisitor) {
    closeAll(&visitor)
    visitor.end(thread)
  }

  // MARK: Entering and leaving

  @inline(__always)
  private mutating func enter(_ event: DecodedEvent, _ visitor: inout some CallVisitor) {
    let mark = event.mark
    push(
      function: mark.function, line: mark.line, task: event.task, at: mark.time,
      isResumed: event.kind == .resume, isWhole: true)
    visitor.enter(event, &stack, thread)
  }

  @inline(__always)
  private mutating func push(
    function: UInt32, builtin: UInt32 = 0, line: Int32, task: UInt32, at time: UInt64,
    isResumed: Bool, isWhole: Bool
  ) {
    let place = Int(function)
    if place >= running.count { grow(place) }
    let now = time &- stack.paused
    stack.calls.append(
      RunningCall(
        function: function, builtin: builtin, line: line, task: task, enteredAt: time,
        isResumed: isResumed, isWhole: isWhole, isRecursive: function != 0 && running[place] > 0,
        hasLine: isResumed,
        entered: now, lineSince: now))
    running[place] &+= 1
    if builtin == 0 { stack.depth &+= 1 }
  }

  @inline(never)
  private mutating func grow(_ place: Int) {
    running.append(contentsOf: repeatElement(0, count: place + 64 - running.count))
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
    running[Int(call.function)] &-= 1
    if call.builtin == 0 { stack.depth &-= 1 }
    guard !stack.calls.isEmpty else { return }
    stack.top.callees &+= total
    if end == .unwound, call.builtin == 0 || call.exception == .arriving {
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
  private mutating func enterBuiltin(_ event: DecodedEvent, _ visitor: inout some CallVisitor) {
    push(
      function: 0, builtin: event.builtin, line: 0, task: event.task, at: event.mark.time,
      isResumed: false, isWhole: true)
    visitor.enter(event, &stack, thread)
  }

  @inline(never)
  private mutating func leaveBuiltin(_ event: DecodedEvent, _ visitor: inout some CallVisitor) {
    // One whose beginning is missing has nothing to tell.
    guard stack.top.builtin != 0, stack.top.builtin == event.builtin else { return }
    visitor.leave(CallEnd(event.kind), at: event.mark.time, event, &stack, thread)
    pop(CallEnd(event.kind), at: event.mark.time)
  }

  // MARK: What the events do not say

  /// Brings about that the event's frame is the innermost.
  @inline(never)
  private mutating func find(_ event: DecodedEvent, _ visitor: inout some CallVisitor) {
    let mark = event.mark
    let depth = Int(max(0, mark.depth))
    if depth >= stack.unknown, stack.depth > depth {
      while stack.depth > depth + 1 { close(at: mark.time, &visitor) }
      if stack.top.builtin != 0, stack.top.builtin == event.builtin,
        event.kind == .builtinReturn || event.kind == .builtinException
      {
        return
      }
      while stack.top.builtin != 0 { close(at: mark.time, &visitor) }
      if stack.top.function == mark.function { return }
      close(at: mark.time, &visitor)
    }
    if stack.depth != depth { settle(depth, at: mark.time, &visitor) }
    push(
      function: mark.function, line: mark.line, task: event.task, at: mark.time, isResumed: false,
      isWhole: false)
    visitor.enter(event, &stack, thread)
  }

  /// Brings about that so many frames are on the stack.
  @inline(never)
  private mutating func settle(_ wanted: Int, at time: UInt64, _ visitor: inout some CallVisitor) {
    let depth = max(0, wanted)
    if depth < stack.unknown || depth > stack.depth + Self.longestGap {
      while !stack.calls.isEmpty { close(at: time, &visitor) }
      (stack.unknown, stack.depth) = (depth, depth)
    }
    while stack.depth > depth { close(at: time, &visitor) }
    while stack.depth < depth {
      push(function: 0, line: 0, task: 0, at: time, isResumed: false, isWhole: false)
    }
  }

  /// Leaves the innermost, of whose end nothing is known.
  private mutating func close(at time: UInt64, _ visitor: inout some CallVisitor) {
    if !stack.top.isUnknown { visitor.leave(.lost, at: time, nil, &stack, thread) }
    pop(.lost, at: time)
  }

  /// Leaves all of all stacks.
  private mutating func closeAll(_ visitor: inout some CallVisitor) {
    while !stack.calls.isEmpty { close(at: lastTime, &visitor) }
    for number in others.keys.sorted() {
      guard let other = others[number] else { continue }
      let until = other.pausedAt
      others[number] = nil
      stack = other
      for call in stack.calls { count(call, 1) }
      while !stack.calls.isEmpty { close(at: until, &visitor) }
    }
    others = [:]
    stack = CallStack(number: 0)
  }

  /// Goes on with another stack.
  @inline(never)
  private mutating func change(to number: UInt32, at time: UInt64) {
    for call in stack.calls { count(call, -1) }
    if !stack.calls.isEmpty || stack.unknown > 0 {
      stack.pausedAt = time
      if others.count >= Self.mostStacks { others = [:] }
      others[stack.number] = stack
    }
    stack = others.removeValue(forKey: number) ?? CallStack(number: number)
    if stack.pausedAt > 0 { stack.paused &+= time &- min(time, stack.pausedAt) }
    for call in stack.calls { count(call, 1) }
  }

  private mutating func count(_ call: RunningCall, _ step: Int32) {
    let place = Int(call.function)
    if place >= running.count { grow(place) }
    running[place] = running[place] &+ UInt32(bitPattern: step)
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
