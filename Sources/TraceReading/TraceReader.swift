import TraceFormat

/// Reads a recording: the events of all threads, of all processes of the run, in the order of time.
public final class TraceReader {
  /// The files, that of the first process first.
  public private(set) var files: [TraceFile]
  private var threads: [ThreadEvents] = []
  /// A heap of those that have a next event, by its time.
  private var heap: [ThreadEvents] = []
  private var known: Set<ThreadKey> = []
  private let isFamily: Bool

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
  public init(path: String, children: Bool = true) throws(ReadingError) {
    let file = try TraceFile(path: path)
    files = [file]
    isFamily = children && file.header.isRoot
    findChildren()
    findThreads()
  }

  /// What cannot be read of the files.
  public var damage: [Damage] { files.flatMap { $0.damage } }

  /// Looks for what was added since.
  public func refresh() {
    for file in files { file.refresh() }
    findChildren()
    for thread in threads where thread.isStarted && thread.next == nil {
      thread.refresh()
      if thread.advance() { push(thread) }
    }
    findThreads()
  }

  /// Whether there is a next event, as far as the files have been looked at.
  public var hasNext: Bool { !heap.isEmpty }

  /// The next event; nil at the end of what has been written.
  public func next() -> TraceEvent? {
    while let first = heap.first {
      let event = first.isStarted ? first.next : nil
      if first.advance() { siftDown() } else { removeFirst() }
      if let event { return event }
    }
    return nil
  }

  /// A text that an event names; nil where it is lost.
  public func text(_ event: TraceEvent, _ index: Int) -> [UInt8]? {
    guard index < event.texts.count else { return nil }
    return files[event.file].text(at: event.texts[index])
  }

  private func findChildren() {
    guard isFamily else { return }
    let path = files[0].path
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let folder = String(path[..<slash])
    var stem = path[slash...]
    if stem.hasSuffix(".swt") { stem = stem.dropLast(4) }
    let have = Set(files.map { $0.path })
    for name in fileNames(in: folder.isEmpty ? "." : folder).sorted() {
      guard name.hasPrefix(stem + "."), name.hasSuffix(".swt"), !have.contains(folder + name),
        let file = try? TraceFile(path: folder + name), !file.header.isRoot,
        file.header.family == files[0].header.family
      else { continue }
      files.append(file)
    }
  }

  private func findThreads() {
    for (index, file) in files.enumerated() {
      for thread in file.chunks.keys.sorted()
      where known.insert(ThreadKey(file: index, thread: thread)).inserted {
        let events = ThreadEvents(file, fileIndex: index, thread: thread)
        threads.append(events)
        push(events)
      }
    }
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
