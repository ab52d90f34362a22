import TraceFormat

/// Receives the calls of a recording, thread by thread. Each `enter` is matched by a `leave`.
///
/// Each method receives the stack in its state at the event. The methods are called for each event
/// of the file, so they should not allocate memory.
public protocol CallVisitor {
  /// Called when a thread begins.
  mutating func begin(_ thread: WalkedThread)

  /// Called when a function is called or resumes. It is the innermost call of the stack.
  ///
  /// A call whose beginning is missing is entered at its first event, of whatever kind.
  mutating func enter(_ event: DecodedEvent, _ stack: inout CallStack, _ thread: WalkedThread)

  /// Called when the innermost call ends. `stack.times(at: time)` returns its times.
  ///
  /// - Parameters:
  ///   - end: the way in which it ends.
  ///   - time: time of the end, in nanoseconds of CLOCK_MONOTONIC.
  ///   - event: the event that ends the call; nil if the end is lost.
  ///   - stack: the stack with the call on top.
  ///   - thread: the thread of the call.
  mutating func leave(
    _ end: CallEnd, at time: UInt64, _ event: DecodedEvent?, _ stack: inout CallStack,
    _ thread: WalkedThread)

  /// Called when the innermost function reaches a line. `stack.top.line` and `stack.lineTimes(at:)`
  /// still refer to the previous line.
  mutating func line(_ event: DecodedEvent, _ stack: inout CallStack, _ thread: WalkedThread)

  /// Called when an exception is raised in the innermost function, or propagates into it.
  ///
  /// - Parameters:
  ///   - event: the exception event; the first of its strings is the exception's class.
  ///   - isRaised: whether the function itself, or a C function that it called, raised the
  ///     exception. False if it came out of a recorded call, or is the StopIteration by which
  ///     CPython ends an `await`.
  ///   - stack: the stack with the function on top.
  ///   - thread: the thread of the call.
  mutating func exception(
    _ event: DecodedEvent, isRaised: Bool, _ stack: inout CallStack, _ thread: WalkedThread)

  /// Called before the innermost function runs an instruction.
  mutating func opcode(_ event: DecodedEvent, _ stack: inout CallStack, _ thread: WalkedThread)

  /// Called if events of the thread are missing at this point. All running calls have been left as
  /// lost.
  mutating func gap(_ thread: WalkedThread)

  /// Called at the end of a thread, when its stack is empty.
  mutating func end(_ thread: WalkedThread)
}

extension CallVisitor {
  public mutating func begin(_ thread: WalkedThread) {}
  public mutating func enter(
    _ event: DecodedEvent, _ stack: inout CallStack, _ thread: WalkedThread
  ) {}
  public mutating func leave(
    _ end: CallEnd, at time: UInt64, _ event: DecodedEvent?, _ stack: inout CallStack,
    _ thread: WalkedThread
  ) {}
  public mutating func line(
    _ event: DecodedEvent, _ stack: inout CallStack, _ thread: WalkedThread
  ) {}
  public mutating func exception(
    _ event: DecodedEvent, isRaised: Bool, _ stack: inout CallStack, _ thread: WalkedThread
  ) {}
  public mutating func opcode(
    _ event: DecodedEvent, _ stack: inout CallStack, _ thread: WalkedThread
  ) {}
  public mutating func gap(_ thread: WalkedThread) {}
  public mutating func end(_ thread: WalkedThread) {}
}
