import TraceFormat

/// Perfetto's trace: a slice for each call, on a track for each thread, greenlet and task.
///
/// Each thread is a packet sequence. A sequence contains each name once, and times relative to the
/// previous packet, so that a call takes about 35 bytes. A slice ends when its generator is
/// suspended; another one, of the category `resume`, begins when the generator resumes.
struct PerfettoExport: CallExport {
  private typealias Packet = PerfettoField.Packet
  private typealias Event = PerfettoField.Event

  private let reader: TraceReader
  private let output: ExportOutput
  /// Number of tracks of all processes. Tracks are numbered from a number that depends on the run
  /// ID, so that two traces can be combined.
  private var tracks: UInt64 = 0
  private var processTracks: [Int: UInt64] = [:]
  private var sequence: UInt64 = 0

  // State of the current thread.
  private var threadTrack: UInt64 = 0
  /// Tracks of greenlets and tasks, by `CallStack.lane`.
  private var laneTracks: [UInt64: UInt64] = [:]
  /// The current track; 0 for the thread's own.
  private var track: UInt64 = 0
  private var lane: UInt64 = 0
  private var lastTime: UInt64 = 0
  /// Functions whose names are in the sequence.
  private var knownFunctions: [Bool] = []
  private var knownCFunctions: Set<UInt32> = []

  private enum Category: UInt64, CaseIterable {
    case call = 1
    case resume = 2
    case cCall = 3
    case exception = 4

    var name: String {
      switch self {
      case .call: "call"
      case .resume: "resume"
      case .cCall: "c"
      case .exception: "exception"
      }
    }
  }

  init(_ reader: TraceReader, to output: ExportOutput) {
    self.reader = reader
    self.output = output
  }

  mutating func begin(_ thread: WalkedThread) {
    let start = thread.file.header.start
    sequence += 1
    laneTracks = [:]
    (track, lane, lastTime) = (0, 0, start)
    (knownFunctions, knownCFunctions) = ([], [])
    let process = processTrack(thread.file, thread.fileIndex)
    threadTrack = newTrack()
    describe(threadTrack) { output in
      output.append(field: PerfettoField.Descriptor.parent, process)
      let message = output.begin(message: PerfettoField.Descriptor.thread)
      output.append(field: PerfettoField.Descriptor.pid, UInt64(thread.file.header.processID))
      output.append(field: PerfettoField.Descriptor.tid, ThreadLabels.number(thread))
      output.append(field: PerfettoField.Descriptor.threadName, ThreadLabels.thread(thread))
      output.end(message: message)
    }
    beginSequence(at: start)
  }

  @inline(__always)
  mutating func enter(_ event: DecodedEvent, _ stack: inout CallStack, _ thread: WalkedThread) {
    if stack.lane != lane { change(to: stack, thread) }
    let call = stack.top
    let id = call.cFunction == 0 ? UInt64(call.function) << 1 : UInt64(call.cFunction) << 1 | 1
    let packet = beginPacket(at: event.mark.time)
    if !isKnown(call) { intern(call, id, thread) }
    let message = output.begin(message: Packet.event)
    output.append(field: Event.type, Event.begin)
    output.append(field: Event.name, id)
    output.append(
      field: Event.categories,
      (call.isResumed ? Category.resume : call.cFunction != 0 ? .cCall : .call).rawValue)
    if call.cFunction == 0 { output.append(field: Event.sourceLocation, id) }
    if track != 0 { output.append(field: Event.track, track) }
    if !call.isWhole { annotate("began", Array("before".utf8)) }
    if event.hasTexts, event.kind == .call { annotate(argumentsOf: event, thread) }
    output.end(message: message)
    output.end(message: packet)
    output.commit()
  }

  @inline(__always)
  mutating func leave(
    _ end: CallEnd, at time: UInt64, _ event: DecodedEvent?, _ stack: inout CallStack,
    _ thread: WalkedThread
  ) {
    if stack.lane != lane { change(to: stack, thread) }
    let packet = beginPacket(at: time)
    let message = output.begin(message: Packet.event)
    output.append(field: Event.type, Event.end)
    if track != 0 { output.append(field: Event.track, track) }
    if end != .returned || event?.hasTexts == true { annotate(end, event, thread) }
    output.end(message: message)
    output.end(message: packet)
    output.commit()
  }

  mutating func exception(
    _ event: DecodedEvent, isRaised: Bool, _ stack: inout CallStack, _ thread: WalkedThread
  ) {
    guard isRaised else { return }
    if stack.lane != lane { change(to: stack, thread) }
    let packet = beginPacket(at: event.mark.time)
    let message = output.begin(message: Packet.event)
    output.append(field: Event.type, Event.instant)
    output.append(field: Event.plainName, thread.text(0, of: event) ?? Array("exception".utf8))
    output.append(field: Event.categories, Category.exception.rawValue)
    if track != 0 { output.append(field: Event.track, track) }
    annotate("line", Array("\(event.mark.line)".utf8))
    if let text = thread.text(1, of: event), !text.isEmpty { annotate("message", text) }
    output.end(message: message)
    output.end(message: packet)
    output.commit()
  }

  func finish() {}

  // MARK: Packets

  /// Begins a packet of the thread's sequence, at a time.
  @inline(__always)
  private mutating func beginPacket(at time: UInt64) -> Int {
    let packet = output.begin(message: PerfettoField.Trace.packet)
    if time >= lastTime {
      output.append(field: Packet.timestamp, time &- lastTime)
      lastTime = time
    } else {
      // Slices that a greenlet left open end at the time at which it ran last, which may be
      // earlier.
      output.append(field: Packet.timestamp, time)
      output.append(field: Packet.clock, PerfettoField.Clock.monotonic)
    }
    output.append(field: Packet.sequence, sequence)
    output.append(field: Packet.flags, Packet.needsState)
    return packet
  }

  /// Writes the defaults of the sequence's packets: track, clock and categories.
  private func beginSequence(at time: UInt64) {
    typealias Clock = PerfettoField.Clock
    let packet = output.begin(message: PerfettoField.Trace.packet)
    output.append(field: Packet.timestamp, time)
    output.append(field: Packet.clock, Clock.monotonic)
    output.append(field: Packet.sequence, sequence)
    output.append(field: Packet.flags, Packet.cleared)
    let defaults = output.begin(message: Packet.defaults)
    output.append(field: PerfettoField.Defaults.clock, Clock.ofSequence)
    let event = output.begin(message: PerfettoField.Defaults.event)
    output.append(field: Event.track, threadTrack)
    output.end(message: event)
    output.end(message: defaults)
    let interned = output.begin(message: Packet.interned)
    for category in Category.allCases {
      let message = output.begin(message: PerfettoField.Interned.categories)
      output.append(field: PerfettoField.Interned.id, category.rawValue)
      output.append(field: PerfettoField.Interned.name, category.name)
      output.end(message: message)
    }
    output.end(message: interned)
    let snapshot = output.begin(message: Packet.clockSnapshot)
    append(clock: Clock.monotonic, time)
    let header = reader.files[0].header
    append(clock: Clock.realtime, header.wallStart &+ time &- header.start)
    append(clock: Clock.ofSequence, 0, isIncremental: true)
    output.append(field: Clock.primary, Clock.monotonic)
    output.end(message: snapshot)
    output.end(message: packet)
  }

  private func append(clock: UInt64, _ time: UInt64, isIncremental: Bool = false) {
    let message = output.begin(message: PerfettoField.Clock.clocks)
    output.append(field: PerfettoField.Clock.id, clock)
    output.append(field: PerfettoField.Clock.timestamp, time)
    if isIncremental { output.append(field: PerfettoField.Clock.isIncremental, 1) }
    output.end(message: message)
  }

  // MARK: Tracks

  private mutating func newTrack() -> UInt64 {
    tracks += 1
    return reader.files[0].header.family.0 &+ tracks | 1 << 63
  }

  private mutating func processTrack(_ file: TraceFile, _ index: Int) -> UInt64 {
    if let known = processTracks[index] { return known }
    let track = newTrack()
    processTracks[index] = track
    describe(track) { output in
      let message = output.begin(message: PerfettoField.Descriptor.process)
      output.append(field: PerfettoField.Descriptor.pid, UInt64(file.header.processID))
      for word in file.header.arguments {
        output.append(field: PerfettoField.Descriptor.commandLine, word)
      }
      output.append(field: PerfettoField.Descriptor.processName, ThreadLabels.process(file))
      output.end(message: message)
    }
    return track
  }

  private func describe(_ track: UInt64, _ content: (ExportOutput) -> Void) {
    let packet = output.begin(message: PerfettoField.Trace.packet)
    output.append(field: Packet.sequence, sequence)
    let message = output.begin(message: Packet.descriptor)
    output.append(field: PerfettoField.Descriptor.uuid, track)
    content(output)
    output.end(message: message)
    output.end(message: packet)
  }

  @inline(never)
  private mutating func change(to stack: CallStack, _ thread: WalkedThread) {
    lane = stack.lane
    if lane == 0 {
      track = 0
      return
    }
    if let known = laneTracks[lane] {
      track = known
      return
    }
    // Bounded: beyond 65,536 greenlets and tasks, those that continue later get another track.
    if laneTracks.count >= 1 << 16 { laneTracks = [:] }
    track = newTrack()
    laneTracks[lane] = track
    let parent = threadTrack
    let name = ThreadLabels.lane(stack, thread)
    describe(track) { output in
      output.append(field: PerfettoField.Descriptor.parent, parent)
      output.append(field: PerfettoField.Descriptor.name, name)
    }
  }

  // MARK: Names

  @inline(__always)
  private func isKnown(_ call: RunningCall) -> Bool {
    if call.cFunction != 0 { return knownCFunctions.contains(call.cFunction) }
    return Int(call.function) < knownFunctions.count && knownFunctions[Int(call.function)]
  }

  @inline(never)
  private mutating func intern(_ call: RunningCall, _ id: UInt64, _ thread: WalkedThread) {
    let interned = output.begin(message: Packet.interned)
    if call.cFunction != 0 {
      knownCFunctions.insert(call.cFunction)
      intern(name: thread.file.cFunction(call.cFunction) ?? [0x3F], id)
    } else {
      let missing = Int(call.function) + 1 - knownFunctions.count
      if missing > 0 { knownFunctions += repeatElement(false, count: missing) }
      knownFunctions[Int(call.function)] = true
      let function = thread.file.function(call.function) ?? .unknown
      intern(name: function.label(in: thread.file), id)
      let location = output.begin(message: PerfettoField.Interned.sourceLocations)
      output.append(field: PerfettoField.Interned.id, id)
      output.append(field: PerfettoField.Interned.fileName, thread.file.source(of: function))
      output.append(field: PerfettoField.Interned.functionName, function.qualifiedName)
      output.append(field: PerfettoField.Interned.line, UInt64(max(0, function.firstLine)))
      output.end(message: location)
    }
    output.end(message: interned)
  }

  private func intern(name: [UInt8], _ id: UInt64) {
    let message = output.begin(message: PerfettoField.Interned.names)
    output.append(field: PerfettoField.Interned.id, id)
    output.append(field: PerfettoField.Interned.name, name)
    output.end(message: message)
  }

  // MARK: Annotations

  private func annotate(_ name: String, _ text: [UInt8]) {
    annotate(Array(name.utf8), text)
  }

  private func annotate(_ name: [UInt8], _ text: [UInt8]) {
    let message = output.begin(message: Event.annotations)
    output.append(field: PerfettoField.Annotation.name, name)
    output.append(field: PerfettoField.Annotation.string, text)
    output.end(message: message)
  }

  @inline(never)
  private func annotate(argumentsOf event: DecodedEvent, _ thread: WalkedThread) {
    let names = thread.file.function(event.mark.function)?.parameters ?? []
    let texts = thread.texts(of: event)
    // A packet is written as a whole, so the size of its texts is bounded.
    var room = ReadingLimits.mostTexts
    for (index, name) in names.prefix(texts.count).enumerated() {
      guard let text = thread.file.text(at: texts[index]) else { break }
      room -= text.count
      annotate(name, room >= 0 ? text : Array("...".utf8))
    }
  }

  @inline(never)
  private func annotate(_ end: CallEnd, _ event: DecodedEvent?, _ thread: WalkedThread) {
    annotate("left", Array(end.name.utf8))
    if let event, !event.kind.isCCall, let value = thread.text(0, of: event) {
      annotate(end == .unwound ? "exception" : "value", value)
    }
  }
}
