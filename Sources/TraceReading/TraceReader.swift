import TraceFormat

/// Reads a recording: the events of all threads of all its processes, in order of time.
public final class TraceReader {
  /// The recording's files; the first process's file comes first.
  public private(set) var files: [TraceFile]
  /// Start of the recording, in nanoseconds of CLOCK_MONOTONIC.
  let start: UInt64
  /// Whether threads have been looked up; opening a recording does not do so.
  private var hasLooked = false
  private var threads: [ThreadEvents] = []
  /// A heap of the threads that may have a next event, ordered by its time.
  private var heap: [ThreadEvents] = []
  private var known: Set<ThreadKey> = []
  /// The run of events that is being taken from the thread at the top of the heap.
  private var turn = Turn()
  private let isFamily: Bool
  private var window = ReadingWindow()
  /// Paths of files beside the first one that belong to other recordings.
  private var strangers: Set<[UInt8]> = []
  /// Damage of child files that cannot be opened, by path.
  private var unreadable: [[UInt8]: Damage] = [:]

  private struct ThreadKey: Hashable {
    let file: Int
    let thread: Int
  }

  /// Opens a recording. If it is a first process's, opens the files of its children beside it too.
  ///
  /// - Parameters:
  ///   - path: path of the file.
  ///   - children: whether to read the children's files too.
  /// - Throws: `ReadingError` if the file cannot be read.
  public convenience init(path: String, children: Bool = true) throws(ReadingError) {
    try self.init(path: Array(path.utf8), children: children)
  }

  /// Reads the recording of one process from memory.
  ///
  /// - Throws: `ReadingError` if the contents cannot be read; its path is empty.
  public init(contents: [UInt8]) throws(ReadingError) {
    let file = try TraceFile(FileBytes(contents: contents), path: [])
    files = [file]
    start = file.header.start
    isFamily = false
  }

  /// Opens a recording whose path may not be UTF-8.
  ///
  /// - Parameters:
  ///   - path: path of the file, in the system's bytes.
  ///   - children: whether to read the children's files too.
  /// - Throws: `ReadingError` if the file cannot be read.
  public init(path: [UInt8], children: Bool = true) throws(ReadingError) {
    let file = try TraceFile(path: path)
    files = [file]
    start = file.header.start
    isFamily = children && file.header.isRoot
    findChildren()
  }

  /// The parts of the files that cannot be read.
  ///
  /// Events are checked when they are read, so the list is complete after the last event.
  public var damage: [Damage] {
    files.flatMap { $0.damage } + unreadable.values.sorted { $0.path < $1.path }
  }

  /// Looks for events, threads and child processes that were added since the last look.
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

  /// Whether there is a next event, as of the last look at the files.
  public var hasNext: Bool {
    turn.hasNext || beginTurn()
  }

  /// Returns the next event, or nil at the end of the written events.
  public func next() -> TraceEvent? {
    while true {
      if let event = turn.next() { return event }
      if !beginTurn() { return nil }
    }
  }

  /// Returns consecutive events of the recording, all of one thread, or nil at the end of the
  /// written events.
  ///
  /// - Parameter limit: maximum number of events; at least 1.
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

  /// Switches to the thread that has the next event, up to the time of another thread's next event.
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

  /// Returns a string that an event refers to, or nil if it is lost.
  public func text(_ event: TraceEvent, _ index: Int) -> [UInt8]? {
    guard index < event.texts.count else { return nil }
    return files[event.file].text(at: event.texts[index])
  }

  /// Number of events that each thread keeps in memory; smaller if there are many threads.
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
      // The child has just created it.
      if bytes.size == 0 { return }
      let file = try TraceFile(bytes, path: path)
      guard !file.header.isRoot, file.header.family == files[0].header.family else {
        strangers.insert(path)
        return
      }
      files.append(file)
      unreadable[path] = nil
    } catch {
      // Its name is that of a child's file.
      guard isNumbered else { return }
      unreadable[path] = Damage(path: error.path, error: FormatError(error.problem, at: 0))
    }
  }

  /// Moves to a position near the end, from which at least the last `count` events of the selected
  /// threads are read, and no events of other threads.
  ///
  /// - Parameters:
  ///   - selection: the threads to read.
  ///   - count: number of events to read, if there are so many.
  ///   - limit: time of the last event that counts, in nanoseconds of CLOCK_MONOTONIC.
  /// - Returns: `begin`, the time from which the events are complete (0 if all events are read);
  ///   events that are read before it belong to some of the threads only. `events`, the number of
  ///   events that are read if there is no limit, without those of open chunks.
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
        // An open chunk has no count yet. This estimate takes four bytes for each record; a record
        // has at least two.
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
