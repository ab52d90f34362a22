import TraceFormat

/// Reads a recording: the events of all threads, of all processes of the run, in the order of time.
public final class TraceReader {
  /// The files, that of the first process first.
  public private(set) var files: [TraceFile]
  /// Nanoseconds of CLOCK_MONOTONIC at the recording's start.
  let start: UInt64
  /// Whether threads have been looked for: opening does not.
  private var hasLooked = false
  private var threads: [ThreadEvents] = []
  /// A heap of those that may have a next event, by its time.
  private var heap: [ThreadEvents] = []
  private var known: Set<ThreadKey> = []
  /// The thread at the top of the heap, and what is being taken from it.
  private var turn = Turn()
  private let isFamily: Bool
  private var window = ReadingWindow()
  /// Files beside the first one that belong to other recordings.
  private var strangers: Set<[UInt8]> = []
  /// Files of children that cannot be read.
  private var unreadable: [[UInt8]: Damage] = [:]

  private struct ThreadKey: Hashable {
    let file: Int
    let thread: Int
  }

  /// Opens a recording, and with that of a first process those of its children beside it.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - children: whether the children's files are read too.
  /// - Throws: `ReadingError`.
  public convenience init(path: String, children: Bool = true) throws(ReadingError) {
    try self.init(path: Array(path.utf8), children: children)
  }

  /// Reads a recording that is in memory, of one process.
  ///
  /// - Throws: `ReadingError`, as above; its path is empty.
  public init(contents: [UInt8]) throws(ReadingError) {
    let file = try TraceFile(FileBytes(contents: contents), path: [])
    files = [file]
    start = file.header.start
    isFamily = false
  }

  /// Opens a recording whose path may be no UTF-8: the bytes that the system knows it by.
  ///
  /// - Throws: `ReadingError`, as above.
  public init(path: [UInt8], children: Bool = true) throws(ReadingError) {
    let file = try TraceFile(path: path)
    files = [file]
    start = file.header.start
    isFamily = children && file.header.isRoot
    findChildren()
  }

  /// The parts of the files that cannot be read. Events are checked when they are read, so that it
  /// is complete after the last one.
  public var damage: [Damage] {
    files.flatMap { $0.damage } + unreadable.values.sorted { $0.path < $1.path }
  }

  /// Looks for what was added since.
  public func refresh() {
    window.forget()
    endTurn()
    for file in files { file.refresh() }
    findChildren()
    for thread in threads where thread.isStarted && !thread.hasNext {
      if thread.fill(&window, limit: batchSize) { push(thread) }
    }
    findThreads()
  }

  /// Whether there is a next event, as far as the files have been looked at.
  public var hasNext: Bool {
    turn.hasNext || beginTurn()
  }

  /// The next event; nil at the end of what has been written.
  public func next() -> TraceEvent? {
    while true {
      if let event = turn.next() { return event }
      if !beginTurn() { return nil }
    }
  }

  /// Events that follow each other in the recording, all of one thread; nil at the end of what has
  /// been written.
  ///
  /// - Parameter limit: how many there are at most; at least one.
  func nextRun(limit: Int) -> EventRun? {
    while true {
      if let run = turn.nextRun(limit: limit) { return run }
      if !beginTurn() { return nil }
    }
  }

  private func endTurn() {
    guard let last = turn.thread else { return }
    last.skip(turn.taken)
    turn = Turn()
    if last.hasNext || last.fill(&window, limit: batchSize) { siftDown() } else { removeFirst() }
  }

  /// Gives the turn to the thread whose event is the next, until it is another one's.
  private func beginTurn() -> Bool {
    if !hasLooked { findThreads() }
    endTurn()
    while let first = heap.first {
      guard first.isStarted else {
        start(first)
        continue
      }
      var other = UInt64.max
      for place in [1, 2] where place < heap.count { other = min(other, heap[place].time) }
      turn = Turn(first, until: other)
      return true
    }
    return false
  }

  /// A text that an event names; nil where it is lost.
  public func text(_ event: TraceEvent, _ index: Int) -> [UInt8]? {
    guard index < event.texts.count else { return nil }
    return files[event.file].text(at: event.texts[index])
  }

  /// How many events a thread keeps in memory: fewer where there are many threads.
  private var batchSize: Int { max(16, min(2048, 65_536 / max(1, heap.count))) }

  private func start(_ first: ThreadEvents) {
    if first.fill(&window, limit: batchSize) { siftDown() } else { removeFirst() }
  }

  private func findChildren() {
    guard isFamily else { return }
    let path = files[0].pathBytes
    let slash = (path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1
    let folder = Array(path[..<slash])
    let ending = Array(".swt".utf8)
    var stem = path[slash...]
    if stem.suffix(4) == ending[...] { stem = stem.dropLast(4) }
    let start = Array(stem) + [UInt8(ascii: ".")]
    let have = Set(files.map { $0.pathBytes })
    for name in SystemCall.names(in: folder.isEmpty ? Array(".".utf8) : folder).sorted(by: isBefore)
    where name.starts(with: start) && name.suffix(4) == ending[...] {
      let path = folder + name
      guard !have.contains(path), !strangers.contains(path) else { continue }
      addChild(path, isNumbered: name.count > start.count && (48...57).contains(name[start.count]))
    }
  }

  private func addChild(_ path: [UInt8], isNumbered: Bool) {
    do {
      let bytes = try FileBytes(path: path)
      // A child that has just begun.
      if bytes.size == 0 { return }
      let file = try TraceFile(bytes, path: path)
      guard !file.header.isRoot, file.header.family == files[0].header.family else {
        strangers.insert(path)
        return
      }
      files.append(file)
      unreadable[path] = nil
    } catch {
      // By its name it is a child's.
      guard isNumbered else { return }
      unreadable[path] = Damage(path: error.path, error: FormatError(error.problem, at: 0))
    }
  }

  /// Reads on from near the end: the last events of the selected threads, and no others.
  ///
  /// - Parameters:
  ///   - selection: which threads.
  ///   - count: how many events there are to be, if there are so many.
  ///   - limit: nanoseconds of CLOCK_MONOTONIC up to which they are wanted.
  /// - Returns: `begin`, the time of the first event of those that are complete: earlier ones that
  ///   are read are those of some threads only. 0 if all events are read. `events`, how many are
  ///   read if there is no limit, without those of chunks that are not closed.
  public func seek(
    _ selection: ThreadSelection, last count: Int, until limit: UInt64
  ) -> (begin: UInt64, events: Int) {
    if !hasLooked { findThreads() }
    window.forget()
    var chunks: [(time: UInt64, events: Int)] = []
    for (index, file) in files.enumerated() {
      for chunk in file.chunks.all where chunk.header.kind == .events && chunk.header.time <= limit
      {
        guard selection.includes(files[index], Int(chunk.header.thread)) else { continue }
        // The number is not known for a chunk that is not closed: no record has less than two
        // bytes.
        let events = Int(chunk.header.used > 0 ? chunk.header.events : chunk.header.length / 4)
        chunks.append((chunk.header.time, events))
      }
    }
    chunks.sort { $0.time > $1.time }
    var begin: UInt64 = 0
    var rest = count
    for chunk in chunks {
      rest = rest > chunk.events ? rest - chunk.events : 0
      guard rest == 0 else { continue }
      begin = chunk.time
      break
    }
    turn = Turn()
    (heap, threads) = ([], [])
    var events = 0
    for (index, file) in files.enumerated() {
      for thread in file.chunks.threadNumbers where selection.includes(file, thread) {
        let sequence = begin == 0 ? 0 : file.chunks.sequence(of: thread, at: begin)
        events += file.chunks.events(of: thread, from: sequence)
        let next = ThreadEvents(file, fileIndex: index, thread: thread, from: sequence)
        threads.append(next)
        push(next)
      }
    }
    return (begin, events)
  }

  private func findThreads() {
    hasLooked = true
    for (index, file) in files.enumerated() {
      for thread in file.chunks.threadNumbers
      where known.insert(ThreadKey(file: index, thread: thread)).inserted {
        let events = ThreadEvents(file, fileIndex: index, thread: thread)
        threads.append(events)
        push(events)
      }
    }
  }

  private func isBefore(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.lexicographicallyPrecedes(right)
  }

  private func isBefore(_ left: Int, _ right: Int) -> Bool {
    let (one, other) = (heap[left], heap[right])
    if one.time != other.time { return one.time < other.time }
    return (one.fileIndex, one.thread) < (other.fileIndex, other.thread)
  }

  private func push(_ thread: ThreadEvents) {
    heap.append(thread)
    var place = heap.count - 1
    while place > 0, isBefore(place, (place - 1) / 2) {
      heap.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  private func removeFirst() {
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    siftDown()
  }

  private func siftDown() {
    var place = 0
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2] where child < heap.count && isBefore(child, least)
      {
        least = child
      }
      if least == place { return }
      heap.swapAt(place, least)
      place = least
    }
  }
}
