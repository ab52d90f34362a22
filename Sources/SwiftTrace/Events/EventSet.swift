/// A set of kinds of events, as a strategy says which it needs.
public struct EventSet: OptionSet, Sendable {
  public let rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// A frame starts, or a suspended one goes on.
  public static let call = EventSet(rawValue: 1 << 0)
  /// A new line is about to run.
  public static let line = EventSet(rawValue: 1 << 1)
  /// A frame ends or is suspended: return, yield, await, unwind.
  public static let `return` = EventSet(rawValue: 1 << 2)
  /// An exception was raised in the frame, or arrived in it.
  public static let exception = EventSet(rawValue: 1 << 3)
}
