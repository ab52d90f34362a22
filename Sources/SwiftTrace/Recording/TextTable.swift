import TraceFormat

/// The string table of a recording: gathers the texts of one event, and stores each distinct text
/// once.
///
/// The table has at most 200,000 entries, and is emptied when it is full; a text that occurs again
/// is then stored again. With eviction, a text is in the same chunk as the events that refer to it.
struct TextTable: ~Copyable {
  private static let most = 200_000

  private struct Key: Hashable {
    let hash: Int
    let count: Int
    /// File offset of the chunk's content, if texts are local; else 0.
    let chunk: UInt64
  }

  /// Whether a text must be in the chunk of its event.
  var isLocal = false
  /// Whether events may refer to the text of an earlier one. False if events may be taken back.
  var isShared = true
  private var known: [Key: UInt64] = [:]
  private var gathered = LineBuffer(capacity: 4096)
  private var ends: [Int] = []
  private var places: [UInt64] = []

  /// File offsets of the names of static classes. The index is a hash of the class's address.
  private var names: [(type: UInt, place: UInt64)] = Array(repeating: (0, 0), count: 16)
  /// The static class that the first text names, and the file offset of that name; 0 if there is
  /// none.
  private var first: (type: UInt, place: UInt64) = (0, 0)

  /// The address of the static class whose name is the event's only text; else 0.
  var onlyName: UInt { ends.count + (first.place == 0 ? 0 : 1) == 1 ? first.type : 0 }

  init() {
    // Enough capacity for any event, so that an event allocates nothing.
    ends.reserveCapacity(Self.mostOfEvent + 1)
    places.reserveCapacity(Self.mostOfEvent + 2)
    known.reserveCapacity(64)
  }

  private static let mostOfEvent = 256

  var isEmpty: Bool { ends.isEmpty && first.place == 0 }

  /// Discards the texts of the previous event.
  mutating func begin() {
    gathered.truncate(to: 0)
    ends.empty()
    first = (0, 0)
  }

  /// Like `begin()`, and appends the name of a class.
  mutating func begin(name type: borrowing Value) {
    begin()
    if isShared, !isLocal, type.isStatic {
      let known = names[Self.slot(type.address)]
      first = (type.address, known.type == type.address ? known.place : 0)
      if first.place != 0 { return }
    }
    append { $0.append(typeName: type) }
  }

  private static func slot(_ type: UInt) -> Int { Int((type >> 5 ^ type >> 9) & 15) }

  /// Appends a text. Ignored if the event has 256 texts, or 16 KB of them.
  mutating func append(_ body: (inout LineBuffer) -> Void) {
    guard ends.count < Self.mostOfEvent, gathered.count < 1 << 14 else { return }
    body(&gathered)
    ends.append(gathered.count)
  }

  /// Maximum number of bytes that the event and its texts need.
  var roomNeeded: Int { EventEncoder.roomNeeded(texts: ends.count + 1, bytes: gathered.count) }

  /// Stores the new ones of the texts. The encoder must have space for them.
  ///
  /// - Parameter base: file offset of the chunk's content.
  mutating func store(in encoder: inout EventEncoder, base: UInt64) {
    places.empty()
    if first.place != 0 { places.append(first.place) }
    var start = 0
    for end in ends {
      gathered.withBytes { bytes in
        let text = bytes.extracting(start..<end)
        var hasher = Hasher()
        hasher.combine(bytes: text)
        let key = Key(hash: hasher.finalize(), count: text.count, chunk: isLocal ? base : 0)
        if isShared, let place = known[key] {
          places.append(place)
        } else if let place = encoder.text(text) {
          places.append(base + UInt64(place))
          guard isShared else { return }
          let isFull = known.count == known.capacity
          if known.count >= Self.most
            || isFull && !MemoryReserve.canAllocate(known.count * 128 + 4096)
          {
            known.removeAll(keepingCapacity: true)
          }
          known[key] = base + UInt64(place)
        }
      }
      start = end
    }
    if first.type != 0, let place = places.first {
      names[Self.slot(first.type)] = (first.type, place)
    }
  }

  /// Calls a closure with the file offsets of the event's texts.
  func withPlaces<Result>(_ body: (Span<UInt64>) -> Result) -> Result { body(places.span) }

  /// Forgets local texts: a thread has begun a chunk, which may reuse the space of an evicted one.
  mutating func chunkBegan() { if isLocal { known.removeAll(keepingCapacity: true) } }

  /// Forgets all texts, for another file.
  mutating func forget() {
    known.removeAll()
    for slot in names.indices { names[slot] = (0, 0) }
  }
}

extension Array {
  /// Removes the elements. Faster than `removeAll` for few of them.
  fileprivate mutating func empty() { while !isEmpty { removeLast() } }
}
