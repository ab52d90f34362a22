import TraceFormat

/// A chunk of events, by where it stands.
struct Chunk {
  let offset: UInt64
  var header: ChunkHeader

  /// Where its content begins, and where it ends at most.
  var start: UInt64 { offset + UInt64(ChunkHeader.size) }
  var end: UInt64 { offset + UInt64(header.length) }
}

/// The chunks of events of a file: found by where they stand, and by thread and sequence.
struct ChunkList {
  /// In the order in which they stand, those that were given up too.
  private(set) var all: [Chunk] = []
  /// Places in `all` of each thread's, in the order of their sequence.
  private var threads: [Int: [Int]] = [:]
  /// Threads whose list is not in order.
  private var changed: Set<Int> = []

  /// The numbers of the threads that have a chunk.
  var threadNumbers: [Int] { threads.keys.sorted() }

  mutating func append(_ chunk: Chunk) {
    let place = all.firstPlace { $0.offset > chunk.offset }
    precondition(place == all.count, "chunks are added in the order in which they stand")
    all.append(chunk)
    enter(place)
  }

  /// A chunk was given up, and another one stands there now.
  mutating func replace(_ place: Int, with header: ChunkHeader) {
    if all[place].header.kind == .events {
      threads[Int(all[place].header.thread)]?.removeAll { $0 == place }
    }
    all[place].header = header
    enter(place)
  }

  private mutating func enter(_ place: Int) {
    guard all[place].header.kind == .events else { return }
    let thread = Int(all[place].header.thread)
    threads[thread, default: []].append(place)
    changed.insert(thread)
  }

  /// Brings the threads' lists in order. Calls `check` with each list that has changed.
  mutating func sort(_ check: ([Chunk]) -> Void) {
    for thread in changed.sorted() {
      guard var places = threads[thread] else { continue }
      places.sort { (all[$0].header.sequence, $0) < (all[$1].header.sequence, $1) }
      threads[thread] = places
      check(places.map { all[$0] })
    }
    changed = []
  }

  /// The thread's first chunk that is not before a sequence, and whether it is its last one.
  func chunk(of thread: Int, from sequence: UInt64) -> (chunk: Chunk, isLast: Bool)? {
    guard let places = threads[thread] else { return nil }
    let index = places.firstPlace { all[$0].header.sequence >= sequence }
    guard index < places.count else { return nil }
    return (all[places[index]], index == places.count - 1)
  }

  /// The sequence of the thread's last chunk that begins at a time or before; that of its first one
  /// if none does. Times are those of the chunks' heads, which ascend unless the file is damaged.
  func sequence(of thread: Int, at time: UInt64) -> UInt64 {
    guard let places = threads[thread], let first = places.first else { return 0 }
    let index = places.firstPlace { all[$0].header.time >= time }
    // One that begins at the time itself may have events of it before.
    return all[index > 0 ? places[index - 1] : first].header.sequence
  }

  /// How many events the thread's closed chunks have from a sequence on.
  func events(of thread: Int, from sequence: UInt64) -> Int {
    (threads[thread] ?? []).reduce(0) { sum, place in
      let header = all[place].header
      return header.sequence >= sequence && header.used > 0 ? sum &+ Int(header.events) : sum
    }
  }

  func first(of thread: Int) -> Chunk? { threads[thread]?.first.map { all[$0] } }
  func last(of thread: Int) -> Chunk? { threads[thread]?.last.map { all[$0] } }

  /// The chunk in whose content an offset lies; nil where there is none.
  func chunk(around offset: UInt64) -> Chunk? {
    let place = all.firstPlace { $0.offset > offset } - 1
    guard place >= 0, all[place].start <= offset, offset < all[place].end else { return nil }
    return all[place]
  }
}

extension Array {
  /// The place of the first element for which it is true, by halving; they must be in that order.
  func firstPlace(where isBehind: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
