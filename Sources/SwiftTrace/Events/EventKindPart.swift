import CTraceHook
import TraceFormat

/// The kinds of one type of event. Their raw values are those of `EventKind`.
package protocol EventKindPart: RawRepresentable<UInt8>, Sendable {}

extension EventKindPart {
  /// The kind of this type that equals a kind of the whole list; nil if it belongs to another type.
  package init?(_ kind: EventKind) { self.init(rawValue: kind.rawValue) }
}

extension EventKind {
  /// The kind of an event of any type.
  @inline(__always)
  package init(_ part: some EventKindPart) {
    // The parts have no other raw values; a test compares them.
    self = EventKind(rawValue: part.rawValue)!
  }
}

extension CallEvent.Kind {
  @inline(__always)
  init(_ kind: CTraceHook_Kind) { self = Self(rawValue: kind.rawValue) ?? .call }
}

extension LineEvent.Kind {
  @inline(__always)
  init(_ kind: CTraceHook_Kind) { self = Self(rawValue: kind.rawValue) ?? .line }
}

extension ReturnEvent.Kind {
  /// Nil if the kind leaves no frame.
  @inline(__always)
  init?(_ kind: CTraceHook_Kind) { self.init(rawValue: kind.rawValue) }
}

extension CCallEvent.Kind {
  @inline(__always)
  init(_ kind: CTraceHook_Kind) { self = Self(rawValue: kind.rawValue) ?? .call }
}
