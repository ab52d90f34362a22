import TraceFormat

/// Is told of the calls of a recording, thread by thread. Every call that is entered is left.
///
/// Each method has the stack as it is then. The methods are called for each event of the file: keep
/// them free of allocations.
public protocol CallVisitor {
  /// A thread begins.
  mutating func begin(_ thread: WalkedThread)

  /// A function is called, or goes on: the innermost of the stack. One whose beginning is missing is
  /// entered at its first event, of any kind.
  mutating func enter(_ event: DecodedEvent, _ stack: inout CallStack, _ thread: WalkedThread)

  /// The innermost function of the stack is left. `stack.times(at: time)` says how long it took.
  ///
  /// - Parameters:
  ///   - end: how it is left.
  ///   - time: when, in nanoseconds of CLOCK_MONOTONIC.
  ///   - event: what says so; nil where the end is lost.
  ///   - stack: the function on top, and its callers.
  ///   - thread: the thread that it ran in.
  mutating func leave(
    _ end: CallEnd, at time: UInt64, _ event: DecodedEvent?, _ stack: inout CallStack,
    _ thread: WalkedThread)

  /// The innermost function comes to a line. `stack.top.line` and `stack.lineTimes(at:)` are still of
  /// the line before.
  mutating func line(_ event: DecodedEvent, _ stack: inout CallStack, _ thread: WalkedThread)

  /// The innermost function has to do with an exception.
  ///
  /// - Parameters:
  ///   - event: what says so; the first of its texts is the exception's class.
  ///   - isRaised: whether it was raised here, by the function itself or one written in C, and did not
  ///     come out of a call that was recorded. The StopIteration by which CPython ends an `await` was not.
  ///   - stack: the function on top, and its callers.
  ///   - thread: the thread that it runs in.
  mutating func exception(
    _ event: DecodedEvent, isRaised: Bool, _ stack: inout CallStack, _ thread: WalkedThread)

  /// The innermost function comes to an instruction.
  mutating func opcode(_ event: DecodedEvent, _ stack: inout CallStack, _ thread: WalkedThread)

  /// Events of the thread are missing here. What ran is left as lost.
  mutating func gap(_ thread: WalkedThread)

  /// A thread is over; its stack is empty.
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
