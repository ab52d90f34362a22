/// An event as a record was read: numbers alone.
public struct DecodedEvent: Equatable, Sendable {
  /// Where and when it happened.
  public let mark: EventHeader
  /// Of a function written in C its number; else 0.
  public let cFunction: UInt32
  /// What happened.
  public let kind: EventKind
  /// How many texts it names, and where the batch has them.
  @usableFromInline let textCount: UInt16
  let firstText: UInt32
  /// The task that it belongs to, by its number in the thread, from 1; 0 for none.
  public let task: UInt32

  /// Whether it names texts.
  @inlinable public var hasTexts: Bool { textCount > 0 }
}

/// Events that were read one after another.
public struct EventBatch: Sendable {
  /// The events, in the order in which they happened.
  public private(set) var events: [DecodedEvent] = []
  private var texts: [UInt64] = []
  /// An event that enters a frame from code that is not recorded.
  public struct Indirect: Sendable {
    /// Its place in `events`.
    public let place: Int
    /// Whether the code that called it has been running since it made the call before.
    public let goesOn: Bool
  }

  /// Such events, in their order.
  public private(set) var indirect: [Indirect] = []

  /// A batch without an event.
  public init() {}

  /// Where in the file the texts stand that an event names.
  public func texts(of event: DecodedEvent) -> [UInt64] {
    if event.textCount == 0 { return [] }
    let first = Int(event.firstText)
    return Array(texts[first..<(first + Int(event.textCount))])
  }

  /// Makes room for others. What it holds stays allocated, unless that is a lot.
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

  /// Marks the event that comes next.
  mutating func mark(indirect goesOn: Bool) {
    if indirect.last?.place == events.count { indirect.removeLast() }
    indirect.append(Indirect(place: events.count, goesOn: goesOn))
  }

  /// Takes the mark of an event back that has not come. Returns whether its caller goes on; nil if
  /// there is none.
  mutating func unmarkIndirect() -> Bool? {
    guard indirect.last?.place == events.count else { return nil }
    return indirect.removeLast().goesOn
  }

  mutating func append(text: UInt64) { texts.append(text) }
  var textTotal: Int { texts.count }
  mutating func truncateTexts(to count: Int) { texts.removeLast(texts.count - count) }
}
