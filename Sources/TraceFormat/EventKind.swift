/// What happened, as a record says it. The numbers stand in files.
public enum EventKind: UInt8, Sendable, CaseIterable {
  case call = 1
  case resume = 2
  case line = 3
  case `return` = 4
  case yield = 5
  case await = 6
  case unwind = 7
  case exception = 8
  case opcode = 9
  case builtinCall = 10
  case builtinReturn = 11
  case builtinException = 12

  /// Whether a frame is left: it ends, or is suspended.
  public var leaves: Bool {
    rawValue >= EventKind.return.rawValue && rawValue <= EventKind.unwind.rawValue
  }

  /// Whether a frame is entered: it starts, or goes on.
  public var enters: Bool { self == .call || self == .resume }

  /// Whether it is about a function written in C.
  public var isBuiltin: Bool { rawValue >= EventKind.builtinCall.rawValue }
}

/// One event, as a record has it: numbers alone.
public struct EventMark: Equatable, Sendable {
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

  @inline(__always)
  public init(function: UInt32, line: Int32, depth: Int32, stack: UInt32 = 0, time: UInt64) {
    self.function = function
    self.line = line
    self.depth = depth
    self.stack = stack
    self.time = time
  }
}
