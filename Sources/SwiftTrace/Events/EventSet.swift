/// A set of kinds of events, such as those that a strategy needs.
public struct EventSet: OptionSet, Sendable {
  public let rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// A frame starts, or a suspended one continues.
  public static let call = EventSet(rawValue: 1 << 0)
  /// A new line is about to run.
  public static let line = EventSet(rawValue: 1 << 1)
  /// A frame ends or is suspended: return, yield, await, unwind.
  public static let `return` = EventSet(rawValue: 1 << 2)
  /// An exception was raised in the frame, or propagated into it.
  public static let exception = EventSet(rawValue: 1 << 3)
  /// An instruction is about to run, in a frame that has `f_trace_opcodes` set.
  public static let opcode = EventSet(rawValue: 1 << 4)
  /// A C call starts, returns or raises. CPython reports it through a separate hook, which costs
  /// about as much as the calls and returns of Python functions.
  public static let cCall = EventSet(rawValue: 1 << 5)

  /// All events that `sys.settrace` reports.
  public static let settrace: EventSet = [.call, .line, .return, .exception, .opcode]
}
