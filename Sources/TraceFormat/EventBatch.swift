/// A decoded event: numbers alone.
public struct DecodedEvent: Equatable, Sendable {
  /// Function, line, depth, stack and time of the event.
  public let mark: EventHeader
  /// Number of the C function, for a C call; else 0.
  public let cFunction: UInt32
  /// Kind of the event.
  public let kind: EventKind
  /// Number of strings that the event refers to, and the index of the first in the batch.
  @usableFromInline let textCount: UInt16
  let firstText: UInt32
  /// Number of its task in the thread, from 1; 0 for none.
  public let task: UInt32

  /// Whether the event refers to strings.
  @inlinable public var hasTexts: Bool { textCount > 0 }
}

/// Events that were decoded one after another.
public struct EventBatch: Sendable {
  /// The events, in the order in which they happened.
  public private(set) var events: [DecodedEvent] = []
  private var texts: [UInt64] = []
  /// An event that enters a frame from unrecorded code.
  public struct Indirect: Sendable {
    /// Index of the event in `events`.
    public let place: Int
    /// Whether the calling code has been running since its previous call of recorded code.
    public let goesOn: Bool
  }

  /// The events that enter a frame from unrecorded code, in order.
  public private(set) var indirect: [Indirect] = []

  /// Creates an empty batch.
  public init() {}

  /// Returns the positions in the file of the strings that an event refers to.
  public func texts(of event: DecodedEvent) -> [UInt64] {
    if event.textCount == 0 { return [] }
    let first = Int(event.firstText)
    return Array(texts[first..<(first + Int(event.textCount))])
  }

  /// Empties the batch for reuse. Keeps its memory, except memory for many strings.
  public mutating func removeAll() {
    events.removeAll(keepingCapacity: true)
    texts.removeAll(keepingCapacity: texts.capacity < 1 << 12)
    indirect.removeAll(keepingCapacity: true)
  }

  @inline(__always)
  mutating func append(_ kind: EventKind, _ mark: EventHeader, task: UInt32) {
    events.append(
      DecodedEvent(mark: mark, cFunction: 0, kind: kind, textCount: 0, firstText: 0, task: task))
  }

  mutating func append(
    _ kind: EventKind, _ mark: EventHeader, task: UInt32, cFunction: UInt32, texts count: Int
  ) {
    events.append(
      DecodedEvent(
        mark: mark, cFunction: cFunction, kind: kind, textCount: UInt16(count),
        firstText: UInt32(texts.count - count), task: task))
  }

  /// Marks the event that is appended next.
  mutating func mark(indirect goesOn: Bool) {
    if indirect.last?.place == events.count { indirect.removeLast() }
    indirect.append(Indirect(place: events.count, goesOn: goesOn))
  }

  /// Removes the mark of an event that has not been appended. Returns the mark's `goesOn`; `nil` if
  /// there is no such mark.
  mutating func unmarkIndirect() -> Bool? {
    guard indirect.last?.place == events.count else { return nil }
    return indirect.removeLast().goesOn
  }

  mutating func append(text: UInt64) { texts.append(text) }
  var textTotal: Int { texts.count }
  mutating func truncateTexts(to count: Int) { texts.removeLast(texts.count - count) }
}
