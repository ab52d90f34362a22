import TraceFormat

/// A set of kinds of events, such as those that a strategy needs.
///
/// Kinds that are requested together are members together. The bits are those of `EventKind`.
public struct EventSet: OptionSet, Sendable {
  public let rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The kinds that are requested by the name of one of them.
  package init(requestedAs kind: EventKind) {
    self.init(
      rawValue: UInt16(truncatingIfNeeded: EventKind.bits { $0.requestedAs == kind }))
  }

  /// The kinds that are requested by a name, such as `c_call`; nil if there are none.
  package init?(requestedAs name: String) {
    let kind = EventKind.allCases.first { $0.requestedAs == $0 && "\($0.name)" == name }
    guard let kind else { return nil }
    self.init(requestedAs: kind)
  }

  /// Whether a kind is in the set.
  package func includes(_ kind: EventKind) -> Bool { UInt32(rawValue) & kind.bit != 0 }

  /// A frame starts, or a suspended one continues.
  public static let call = EventSet(requestedAs: .call)
  /// A new line is about to run.
  public static let line = EventSet(requestedAs: .line)
  /// A frame ends or is suspended: return, yield, await, unwind.
  public static let `return` = EventSet(requestedAs: .return)
  /// An exception was raised in the frame, or propagated into it.
  public static let exception = EventSet(requestedAs: .exception)
  /// An instruction is about to run, in a frame that has `f_trace_opcodes` set.
  public static let opcode = EventSet(requestedAs: .opcode)
  /// A C call starts, returns or raises. CPython reports it through a separate hook, which costs
  /// about as much as the calls and returns of Python functions.
  public static let cCall = EventSet(requestedAs: .cCall)

  /// All events that `sys.settrace` reports.
  public static let settrace: EventSet = [.call, .line, .return, .exception, .opcode]
}
