/// Kind of an event: the one list of kinds, from which all names and sets come.
///
/// The raw values are stored in files. The C enum `CTraceHook_Kind`, and the kinds of the engine's
/// events, have the same.
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

  /// Name of the kind in JSON, in tables and in Python.
  public var name: StaticString {
    switch self {
    case .call: "call"
    case .resume: "resume"
    case .line: "line"
    case .return: "return"
    case .yield: "yield"
    case .await: "await"
    case .unwind: "unwind"
    case .exception: "exception"
    case .opcode: "opcode"
    case .cCall: "c_call"
    case .cReturn: "c_return"
    case .cException: "c_exception"
    }
  }

  /// Name of the event for a trace or profile function of CPython.
  public var pythonName: StaticString { isCCall ? name : requestedAs.name }

  /// The kind that stands for all kinds that are requested together with this one.
  public var requestedAs: EventKind {
    if enters { return .call }
    if leaves { return .return }
    return isCCall ? .cCall : self
  }

  /// Whether the event enters a frame: the frame starts or resumes.
  public var enters: Bool { self == .call || self == .resume }

  /// Whether the event leaves a frame: the frame ends or is suspended.
  public var leaves: Bool {
    rawValue >= EventKind.return.rawValue && rawValue <= EventKind.unwind.rawValue
  }

  /// Whether the event suspends a frame, which may resume.
  @inlinable @inline(__always)
  public var suspends: Bool { self == .yield || self == .await }

  /// Whether the first string of the event is the class of an exception, which is recorded even
  /// without values.
  public var namesException: Bool { self == .unwind || self == .exception }

  /// Whether the event belongs to a C call.
  public var isCCall: Bool {
    rawValue >= EventKind.cCall.rawValue && rawValue <= EventKind.cException.rawValue
  }

  /// Returns a set of kinds: bit `1 << rawValue` for each that has a property.
  public static func bits(where hasProperty: (EventKind) -> Bool) -> UInt32 {
    allCases.reduce(0) { hasProperty($1) ? $0 | $1.bit : $0 }
  }

  /// The bit of the kind in a set.
  @inlinable @inline(__always)
  public var bit: UInt32 { 1 << UInt32(rawValue) }
}
