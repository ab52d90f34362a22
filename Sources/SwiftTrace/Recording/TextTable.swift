import TraceFormat

/// The texts of values: gathered for one event, and each distinct one stored once.
///
/// The table has at most 200,000 entries, and is emptied when it is full: a text that comes again
/// after that is stored again. Where chunks may be given up, a text stands in the chunk of the
/// event that names it.
struct TextTable: ~Copyable {
  private static let most = 200_000

  private struct Key: Hashable {
    let hash: Int
    let count: Int
    /// The chunk, where texts are local; else 0.
    let chunk: UInt64
  }

  /// Whether a text is to be in the chunk of its event.
  var isLocal = false
  /// Whether events name the text of another one. Not where events may be taken back.
  var isShared = true
  private var known: [Key: UInt64] = [:]
  private var gathered = LineBuffer(capacity: 4096)
  private var ends: [Int] = []
  private var places: [UInt64] = []

  /// Where the names of static classes are stored, by bits of the class's address.
  private var names: [(type: UInt, place: UInt64)] = Array(repeating: (0, 0), count: 16)
  /// The static class that the first text names, and where that is stored, if it is; else 0.
  private var first: (type: UInt, place: UInt64) = (0, 0)

  /// The address of the static class whose name is the only text; 0 where it is not.
  var onlyName: UInt { ends.count + (first.place == 0 ? 0 : 1) == 1 ? first.type : 0 }

  init() {
    // An event needs no memory of its own.
    ends.reserveCapacity(Self.mostOfEvent + 1)
    places.reserveCapacity(Self.mostOfEvent + 2)
    known.reserveCapacity(64)
  }

  private static let mostOfEvent = 256

  var isEmpty: Bool { ends.isEmpty && first.place == 0 }

  /// Begins with the texts of another event.
  mutating func begin() {
    gathered.truncate(to: 0)
    ends.empty()
    first = (0, 0)
  }

  /// The same, with the name of a class as the first.
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

  /// Adds a text. Of too many, or too long ones, the rest is left out.
  mutating func append(_ body: (inout LineBuffer) -> Void) {
    guard ends.count < Self.mostOfEvent, gathered.count < 1 << 14 else { return }
    body(&gathered)
    ends.append(gathered.count)
  }

  /// The most bytes that the event and its texts may need.
  var roomNeeded: Int { EventEncoder.roomNeeded(texts: ends.count + 1, bytes: gathered.count) }

  /// Stores those of the texts that are new. There must be room.
  ///
  /// - Parameter base: where the chunk's content stands in the file.
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

  /// Where the event's texts stand in the file.
  func withPlaces<Result>(_ body: (Span<UInt64>) -> Result) -> Result { body(places.span) }

  /// A thread has begun a chunk, which may have the place of one that was given up.
  mutating func chunkBegan() { if isLocal { known.removeAll(keepingCapacity: true) } }

  /// Another file begins.
  mutating func forget() {
    known.removeAll()
    for slot in names.indices { names[slot] = (0, 0) }
  }
}

extension Array {
  /// Takes out the elements, of which there are few: quicker than `removeAll`.
  fileprivate mutating func empty() { while !isEmpty { removeLast() } }
}
