import TraceFormat
import TraceReading

/// Shows a recording: its events go through the strategies that show live ones.
public struct Replay: ~Copyable {
  private let reader: TraceReader
  private let settings: ReplaySettings
  private let delivery: ReplayDelivery
  private let text: TextSink
  private var stacks = ReplayStacks()
  private var output: ReplayOutput
  /// Whether frames that are not shown are left out of the depth.
  private let countsAll: Bool

  /// - Parameters:
  ///   - reader: the recording.
  ///   - settings: what of it.
  ///   - descriptor: where the text goes: an open descriptor.
  ///   - strategies: makes the strategies that show the events, for the sink that they are to write
  ///     to.
  public init(
    _ reader: TraceReader, _ settings: ReplaySettings, to descriptor: Int32,
    _ strategies: (TextSink) throws -> [any TracerStrategy]
  ) rethrows {
    self.reader = reader
    self.settings = settings
    text = TextSink.memory()
    delivery = ReplayDelivery(try strategies(text), filter: settings.filter)
    output = ReplayOutput(descriptor: descriptor, tail: settings.tail)
    countsAll = settings.filter.acceptsAll
  }

  /// Shows what there is.
  ///
  /// - Parameter pause: called now and then; false ends the showing. Its argument says whether all
  ///   that there is has been shown, and more may come.
  /// - Throws: `SystemError` when the text cannot be written; with EPIPE when nobody reads it.
  public mutating func run(_ pause: (_ isWaiting: Bool) -> Bool) throws {
    var count = 0
    while true {
      while let event = reader.next() {
        try show(event)
        count += 1
        if count & 0x3FFF == 0, !pause(false) { return try output.finish() }
      }
      guard settings.follows else { break }
      try output.flush()
      // Looked at before: what is written between the two is shown in the next round.
      let goesOn = reader.files.contains { $0.isBeingWritten }
      reader.refresh()
      if !goesOn, !reader.hasNext { break }
      if !reader.hasNext, !pause(true) { break }
    }
    try output.finish()
  }

  private mutating func show(_ event: TraceEvent) throws {
    let file = reader.files[event.file]
    let isShown = delivery.shows(event, in: file)
    let place = stacks.place(event, isShown: isShown, countsAll: countsAll)
    guard isShown, delivery.wants(event.kind), isWanted(event, in: file, depth: place.depth) else {
      return
    }
    let isOne = reader.files.count == 1
    let (times, namesProcesses, start) = (settings.times, settings.namesProcesses, start)
    try delivery.deliver(
      event,
      EventPlace(
        thread: event.thread, process: isOne ? 0 : file.header.processID, depth: place.depth,
        stack: event.mark.stack, time: event.mark.time), duration: place.duration, from: reader
    ) {
      try output.add(text) { line in
        switch times {
        case .none: break
        case .relative: line.append(seconds: event.mark.time &- min(event.mark.time, start))
        case .absolute:
          line.append(
            wallTime: file.header.wallStart &+ event.mark.time &- file.header.start)
        }
        if !isOne, namesProcesses {
          line.append("[")
          line.append(decimal: file.header.processID)
          line.append("] ")
        }
      }
    }
  }

  private var start: UInt64 { reader.files[0].header.start }

  private func isWanted(_ event: TraceEvent, in file: TraceFile, depth: Int) -> Bool {
    if let thread = settings.thread, thread != event.thread { return false }
    if let process = settings.process, process != file.header.processID { return false }
    if let limit = settings.depth, depth >= limit { return false }
    let time = event.mark.time &- min(event.mark.time, start)
    return time >= settings.from && time <= settings.until
  }
}
