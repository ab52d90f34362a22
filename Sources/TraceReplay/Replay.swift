import SwiftTrace
import TraceFormat
import TraceReading

/// Shows a recording: passes its events to the strategies that print live traces.
public struct Replay: ~Copyable {
  private let reader: TraceReader
  private let settings: ReplaySettings
  private let delivery: ReplayDelivery
  private let text: TextSink
  private var stacks = ReplayStacks()
  private var output: ReplayOutput
  private var condenser: CallCondenser?
  /// Whether the depth of an event counts all frames, because all are shown.
  private let countsAll: Bool

  /// Creates a replay.
  ///
  /// - Parameters:
  ///   - reader: the recording.
  ///   - settings: the events to show, and the beginning of their lines.
  ///   - descriptor: open file descriptor for the text.
  ///   - strategies: returns the strategies for the events. They must write to the sink passed to
  ///     it.
  public init(
    _ reader: TraceReader, _ settings: ReplaySettings, to descriptor: Int32,
    _ strategies: (TextSink) throws -> [any TracerStrategy]
  ) rethrows {
    self.reader = reader
    self.settings = settings
    text = TextSink.memory()
    delivery = ReplayDelivery(try strategies(text), filter: settings.filter)
    output = ReplayOutput(
      descriptor: descriptor, limit: reader.outputLimit, tail: settings.tail)
    countsAll = settings.filter.acceptsAll
    if settings.minDuration > 0 || settings.folds || settings.maxChildren != nil {
      condenser = CallCondenser(
        CondensedStack.Rules(
          minDuration: settings.minDuration, folds: settings.folds,
          maxChildren: settings.maxChildren ?? .max))
    }
  }

  /// Whether text was written, after `run`.
  public var hasText: Bool { output.hasText }

  /// Shows the recording.
  ///
  /// - Parameter pause: called repeatedly; returns false to stop. `isWaiting` is true if all events
  ///   so far have been shown, and more may come.
  /// - Throws: `SystemError` if the text cannot be written, with EPIPE if its reader is gone;
  ///   `ReplayError` if lines are missing or the text is too long.
  public mutating func run(_ pause: (_ isWaiting: Bool) -> Bool) throws {
    if let tail = settings.tail, canBeginLate { return try runTail(tail, pause) }
    var count = 0
    while true {
      while let event = reader.next() {
        try show(event)
        count += 1
        if count & 0x3FFF == 0, !pause(false) { return try finish() }
      }
      guard settings.follows else { break }
      try output.flush()
      // Checked before `refresh`: events written in between are shown in the next round.
      let goesOn = reader.files.contains { $0.isBeingWritten }
      reader.refresh()
      if !goesOn, !reader.hasNext { break }
      if !reader.hasNext, !pause(true) { break }
    }
    try finish()
  }

  /// Whether the last lines can be made without the earlier events: no calls are held and no tasks
  /// numbered.
  private var canBeginLate: Bool {
    condenser == nil && !settings.follows && !settings.namesTasks
  }

  /// Number of events in which the last lines are first searched, and number of events after which
  /// lines of frames whose beginning was not found are accepted.
  private static let fewest = 1 << 14
  private static let enough = 1 << 18

  /// Shows the last lines. Reads more and more events before the end of the recording, until there
  /// are enough lines.
  private mutating func runTail(_ tail: Int, _ pause: (_ isWaiting: Bool) -> Bool) throws {
    let limit = settings.until > .max - start ? .max : start + settings.until
    let selection = ThreadSelection(process: settings.process, thread: settings.thread)
    var window = max(Self.fewest, min(tail, 1 << 40) * 2)
    // Events for which lines are made, from the end. Earlier ones only determine the running
    // frames.
    var shown = limit < .max ? .max : window
    var count = 0
    while true {
      let (begin, events) = reader.seek(selection, last: window, until: limit)
      stacks = ReplayStacks()
      output.forget()
      var early = events > shown ? events - shown : 0
      while let event = reader.next(), event.mark.time <= limit {
        try show(event, isBefore: early > 0 || event.mark.time < begin)
        early -= min(early, 1)
        count += 1
        if count & 0x3FFF == 0, !pause(false) { return try finish() }
      }
      // If not all frames are shown, the depth of a line depends on the frames below it.
      let isEnough = countsAll && window >= Self.enough || !output.hasPartial
      let isAll = begin == 0 && shown >= events
      if isAll || output.isFull || output.kept >= tail && (isEnough || begin == 0) {
        return try finish()
      }
      if output.kept >= tail, countsAll {
        window = Self.enough
      } else {
        window = window > 1 << 50 ? .max : window * 4
        shown = max(shown, window)
      }
    }
  }

  private mutating func finish() throws {
    if let text = condenser?.finish() { try output.add(text) }
    try output.finish()
  }

  /// - Parameter isBefore: whether the event is before the first one that is shown.
  private mutating func show(_ event: TraceEvent, isBefore: Bool = false) throws {
    let file = reader.files[event.file]
    let isShown = delivery.shows(event, in: file)
    let place = stacks.place(event, isShown: isShown, countsAll: countsAll)
    guard isShown, !isBefore, isSelected(event, in: file, depth: place.depth) else { return }
    let isWritten = delivery.wants(event.kind) && isInTime(event)
    let isOne = reader.files.count == 1
    let eventPlace = EventPlace(
      thread: event.thread, process: isOne ? 0 : file.header.processID, depth: place.depth,
      stack: event.mark.stack, time: event.mark.time)
    let prefix = prefix(of: event, in: file)
    guard condenser != nil else {
      guard isWritten else { return }
      let isPartial =
        place.isPartial && event.kind.leaves || !countsAll && place.isAboveUnknown
      return try delivery.deliver(event, eventPlace, place, from: reader) {
        try output.add(text, isPartial: isPartial, prefix: prefix)
      }
    }
    var line = ReplayLine()
    if isWritten {
      try delivery.deliver(event, eventPlace, place, from: reader) {
        let next = output.take(text, prefix: prefix)
        line = line.bytes.isEmpty ? next : ReplayLine(bytes: line.bytes + next.bytes)
      }
    }
    try condense(event, eventPlace, line, place)
  }

  /// Passes a line to the condenser.
  private mutating func condense(
    _ event: TraceEvent, _ place: EventPlace, _ line: ReplayLine, _ frame: ReplayStacks.Place
  ) throws {
    var line = line
    var name: [UInt8] = []
    if settings.folds || settings.maxChildren != nil, !line.bytes.isEmpty {
      line.setContent(
        place, duration: event.kind.leaves ? frame.duration : nil, isPartial: frame.isPartial,
        isColored: settings.isColored)
      name = self.name(of: event)
    }
    let step = CondensedStack.Step(
      mark: event.mark, kind: event.kind, depth: place.depth, duration: frame.duration, line: line,
      name: name)
    if let text = condenser?.take(event, step), !text.isEmpty { try output.add(text) }
  }

  /// Returns the content of a line for folded calls with different values.
  private func name(of event: TraceEvent) -> [UInt8] {
    if event.kind == .yield { return Array("├ yield …".utf8) }
    guard event.kind == .call,
      let function = reader.files[event.file].function(event.mark.function)
    else { return [] }
    var name = LineBuffer(capacity: 64)
    name.begin(.name, settings.isColored)
    let text = FunctionLabel.label(
      qualifiedName: function.qualifiedName, file: reader.files[event.file].source(of: function))
    name.append(text.span)
    name.end(settings.isColored)
    name.append("(…)")
    return name.withBytes { Array(copying: $0) }
  }

  /// Returns a function that writes the beginning of a line: time, process and task, as set.
  private func prefix(of event: TraceEvent, in file: TraceFile) -> (inout LineBuffer) -> Void {
    let (times, start, time) = (settings.times, start, event.mark.time)
    let process = reader.files.count > 1 && settings.namesProcesses ? file.header.processID : nil
    let task = settings.namesTasks ? event.task : 0
    return { line in
      switch times {
      case .none: break
      case .relative: line.append(seconds: time &- min(time, start))
      case .absolute:
        line.append(wallTime: file.header.wallStart &+ time &- file.header.start)
      }
      if let process {
        line.append("[")
        line.append(decimal: process)
        line.append("] ")
      }
      if task != 0 {
        line.append("[task ")
        line.append(decimal: task)
        line.append("] ")
      }
    }
  }

  private var start: UInt64 { reader.files[0].header.start }

  private func isSelected(_ event: TraceEvent, in file: TraceFile, depth: Int) -> Bool {
    if let thread = settings.thread, thread != event.thread { return false }
    if let process = settings.process, process != file.header.processID { return false }
    if let limit = settings.depth, depth >= limit { return false }
    return true
  }

  private func isInTime(_ event: TraceEvent) -> Bool {
    let time = event.mark.time &- min(event.mark.time, start)
    return time >= settings.from && time <= settings.until
  }
}
