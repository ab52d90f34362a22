import TraceFormat

/// A chunk of events at an offset of the file.
struct Chunk {
  let offset: UInt64
  var header: ChunkHeader

  /// Offsets at which the content begins, and at which it ends at the latest.
  var start: UInt64 { offset + UInt64(ChunkHeader.size) }
  var end: UInt64 { offset + UInt64(header.length) }
}

/// The chunks of events of a file, searchable by offset, and by thread and sequence number.
struct ChunkList {
  /// All chunks by ascending offset, including evicted ones.
  private(set) var all: [Chunk] = []
  /// Indices in `all` of each thread's chunks, by ascending sequence number.
  private var threads: [Int: [Int]] = [:]
  /// Threads whose lists are not sorted.
  private var changed: Set<Int> = []

  /// The numbers of the threads that have a chunk, ascending.
  var threadNumbers: [Int] { threads.keys.sorted() }

  mutating func append(_ chunk: Chunk) {
    let place = all.firstPlace { $0.offset > chunk.offset }
    precondition(place == all.count, "chunks are added in the order in which they stand")
    all.append(chunk)
    enter(place)
  }

  /// Replaces the header of a chunk that was evicted and reused.
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

  /// Sorts the threads' lists. Calls `check` with each list that has changed.
  mutating func sort(_ check: ([Chunk]) -> Void) {
    for thread in changed.sorted() {
      guard var places = threads[thread] else { continue }
      places.sort { (all[$0].header.sequence, $0) < (all[$1].header.sequence, $1) }
      threads[thread] = places
      check(places.map { all[$0] })
    }
    changed = []
  }

  /// Returns the thread's first chunk at or after a sequence number, and whether it is its last
  /// one.
  func chunk(of thread: Int, from sequence: UInt64) -> (chunk: Chunk, isLast: Bool)? {
    guard let places = threads[thread] else { return nil }
    let index = places.firstPlace { all[$0].header.sequence >= sequence }
    guard index < places.count else { return nil }
    return (all[places[index]], index == places.count - 1)
  }

  /// Returns the sequence number of the chunk from which the thread's events at and after a time
  /// are read: the last one that begins before the time, or else the thread's first.
  ///
  /// Compares the times in the chunks' headers, which ascend unless the file is damaged.
  func sequence(of thread: Int, at time: UInt64) -> UInt64 {
    guard let places = threads[thread], let first = places.first else { return 0 }
    let index = places.firstPlace { all[$0].header.time >= time }
    // The chunk before one that begins at that very time may end with events of that time.
    return all[index > 0 ? places[index - 1] : first].header.sequence
  }

  /// Returns the number of events in the thread's closed chunks from a sequence number on.
  func events(of thread: Int, from sequence: UInt64) -> Int {
    (threads[thread] ?? []).reduce(0) { sum, place in
      let header = all[place].header
      return header.sequence >= sequence && header.used > 0 ? sum &+ Int(header.events) : sum
    }
  }

  func first(of thread: Int) -> Chunk? { threads[thread]?.first.map { all[$0] } }
  func last(of thread: Int) -> Chunk? { threads[thread]?.last.map { all[$0] } }

  /// Returns the chunk whose content includes an offset, or nil if there is none.
  func chunk(around offset: UInt64) -> Chunk? {
    let place = all.firstPlace { $0.offset > offset } - 1
    guard place >= 0, all[place].start <= offset, offset < all[place].end else { return nil }
    return all[place]
  }
}

extension Array {
  /// Returns the index of the first element that satisfies the predicate, or the count if none
  /// does.
  ///
  /// Binary search: all elements that satisfy the predicate must follow those that do not.
  func firstPlace(where isBehind: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
