/// What happened, as a record says it. The numbers stand in files.
public enum EventKind: UInt8, Sendable, CaseIterable {
  /// A frame starts.
  case call = 1
  /// A suspended generator or coroutine goes on.
  case resume = 2
  /// A new line is about to run.
  case line = 3
  /// A frame ends with a value.
  case `return` = 4
  /// A generator hands out a value.
  case yield = 5
  /// A coroutine waits.
  case await = 6
  /// An exception leaves a frame.
  case unwind = 7
  /// An exception was raised in a frame, or arrived in it.
  case exception = 8
  /// An instruction is about to run.
  case opcode = 9
  /// A function written in C is about to be called.
  case cCall = 10
  /// A function written in C has returned.
  case cReturn = 11
  /// A function written in C has raised an exception.
  case cException = 12

  /// Whether a frame is left: it ends, or is suspended.
  public var leaves: Bool {
    rawValue >= EventKind.return.rawValue && rawValue <= EventKind.unwind.rawValue
  }

  /// Whether a frame is entered: it starts, or goes on.
  public var enters: Bool { self == .call || self == .resume }

  /// Whether it is about a function written in C.
  public var isCCall: Bool { rawValue >= EventKind.cCall.rawValue }
}

/// One event, as a record has it: numbers alone.
public struct EventHeader: Equatable, Sendable {
  /// The code object's number, from 1.
  public var function: UInt32
  /// 1-based; 0 for a module's call.
  public var line: Int32
  /// Traced frames below the event's own.
  public var depth: Int32
  /// The stack of frames: 0, or a number that a greenlet has.
  public var stack: UInt32
  /// Nanoseconds of CLOCK_MONOTONIC.
  public var time: UInt64

  /// Each argument is the property of that name.
  @inline(__always)
  public init(function: UInt32, line: Int32, depth: Int32, stack: UInt32 = 0, time: UInt64) {
    self.function = function
    self.line = line
    self.depth = depth
    self.stack = stack
    self.time = time
  }
}
