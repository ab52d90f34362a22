/// Kind of an event. The raw values are stored in files.
public enum EventKind: UInt8, Sendable, CaseIterable {
  /// A frame starts.
  case call = 1
  /// A suspended generator or coroutine continues.
  case resume = 2
  /// A new line is about to run.
  case line = 3
  /// A frame ends with a value.
  case `return` = 4
  /// A generator yields a value.
  case yield = 5
  /// A coroutine waits.
  case await = 6
  /// An exception leaves a frame.
  case unwind = 7
  /// An exception was raised in a frame, or propagated into it.
  case exception = 8
  /// An instruction is about to run.
  case opcode = 9
  /// A C function is about to be called.
  case cCall = 10
  /// A C function has returned.
  case cReturn = 11
  /// A C function has raised an exception.
  case cException = 12

  /// Whether the event leaves a frame: the frame ends or is suspended.
  public var leaves: Bool {
    rawValue >= EventKind.return.rawValue && rawValue <= EventKind.unwind.rawValue
  }

  /// Whether the event enters a frame: the frame starts or resumes.
  public var enters: Bool { self == .call || self == .resume }

  /// Whether the event belongs to a C call.
  public var isCCall: Bool { rawValue >= EventKind.cCall.rawValue }
}
