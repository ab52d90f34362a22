import TraceFormat

/// Memory for an encoder, and the bytes that it wrote.
@safe final class Memory {
  private let bytes: UnsafeMutableRawBufferPointer

  init(_ count: Int) {
    unsafe bytes = .allocate(byteCount: count, alignment: 4096)
    unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0)
  }

  deinit { unsafe bytes.deallocate() }

  func begin(_ encoder: inout EventEncoder, time: UInt64 = 0, depth: Int32 = -1, stack: UInt32 = 0)
  {
    unsafe encoder.begin(bytes, time: time, depth: depth, stack: stack)
  }

  var content: [UInt8] { unsafe Array(bytes) }
}

/// Line of the call events of each function: in these tests, ten times the function's number.
let callLines: [Int32] = (0..<70_000).map { $0 == 0 ? .min : Int32($0 * 10) }

/// An event as passed to the encoder or as read back.
struct Event: Equatable {
  var kind: EventKind
  var mark: EventHeader
  var cFunction: UInt32 = 0
  var texts: [UInt64] = []
}

extension EventEncoder {
  mutating func add(_ event: Event) -> Bool {
    let callLine = callLines[Int(event.mark.function)]
    if event.texts.isEmpty, event.cFunction == 0 {
      switch event.kind {
      case .line: return line(event.mark)
      case .call: return call(event.mark, isUsual: event.mark.line == callLine)
      case .resume: return resume(event.mark, callLine: callLine)
      case .return, .yield, .await, .unwind:
        return leave(event.kind, event.mark, callLine: callLine)
      default: break
      }
    }
    // Any number but 0 may identify a text; the recorder uses the address of a class.
    let only = event.texts.count == 1 ? UInt(event.texts[0]) : 0
    if event.kind == .exception, encodeShortException(event.mark, text: only) { return true }
    guard self.event(event.kind, event.mark, cFunction: event.cFunction, texts: event.texts.span)
    else { return false }
    if event.kind == .exception { exceptionText = only }
    return true
  }
}

/// All events of a chunk's content, decoded in batches.
func decode(_ bytes: [UInt8], _ header: ChunkHeader) throws(FormatError) -> [Event] {
  var result: [Event] = []
  try decode(bytes, header) { result.append($0) }
  return result
}

/// The events of a chunk's content before the first damage.
func decodeWhatIsWhole(_ bytes: [UInt8], _ header: ChunkHeader) -> [Event] {
  var result: [Event] = []
  try? decode(bytes, header) { result.append($0) }
  return result
}

private func decode(_ bytes: [UInt8], _ header: ChunkHeader, _ body: (Event) -> Void)
  throws(FormatError)
{
  var decoder = EventDecoder(header)
  var batch = EventBatch()
  var outcome = EventDecoder.Outcome.full
  while outcome == .full {
    batch.removeAll()
    defer {
      for event in batch.events {
        body(
          Event(
            kind: event.kind, mark: event.mark, cFunction: event.cFunction,
            texts: batch.texts(of: event))
        )
      }
    }
    outcome = try decoder.read(
      bytes.span, callLines: callLines.span, offset: 0, limit: 50, into: &batch)
  }
}

/// The events of a chunk's content, which is passed to the decoder in parts.
func decodeInParts(_ bytes: [UInt8], _ header: ChunkHeader, size: Int) throws -> [Event] {
  var decoder = EventDecoder(header)
  var batch = EventBatch()
  var size = size
  while true {
    let start = decoder.position
    let part = Array(bytes[start..<min(start + size, bytes.count)])
    let outcome = try decoder.read(
      part.span, base: start, isLast: start + part.count == bytes.count, callLines: callLines.span,
      offset: 0, limit: .max, into: &batch)
    if outcome == .end { break }
    // The record is longer than the part.
    if decoder.position == start { size *= 2 }
  }
  return batch.events.map {
    Event(kind: $0.kind, mark: $0.mark, cFunction: $0.cFunction, texts: batch.texts(of: $0))
  }
}

/// The task of each event of a chunk's content.
func decodeTasks(_ content: [UInt8], _ decoder: inout EventDecoder)
  throws(FormatError) -> [UInt32]
{
  var batch = EventBatch()
  _ = try decoder.read(
    content.span, callLines: callLines.span, offset: 0, limit: .max, into: &batch)
  return batch.events.map { $0.task }
}

/// A generator of random numbers with a fixed seed, so that all runs are equal.
struct Numbers: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 2 &+ 1 }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let mixed = (state ^ (state >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    return mixed ^ (mixed >> 29)
  }
}

/// A plausible sequence of events, mixed with events that no interpreter would report.
func randomRun(_ count: Int, seed: UInt64) -> [Event] {
  var numbers = Numbers(seed)
  var stacks: [UInt32: [(function: UInt32, line: Int32)]] = [:]
  var stack: UInt32 = 0
  var time: UInt64 = 1_000_000
  var events: [Event] = []
  while events.count < count {
    let longest: [UInt64] = [100_000_000_000, 100_000, 100_000, 1500, 1500, 1500, 1500, 1500]
    time += numbers.next() % longest[Int(numbers.next() % 8)]
    if numbers.next() % 200 == 0 { stack = UInt32(numbers.next() % 3) }
    var frames = stacks[stack] ?? []
    defer { stacks[stack] = frames }
    let choice = frames.isEmpty ? 0 : numbers.next() % 100
    let depth = Int32(frames.count) - 1
    func mark(_ depth: Int32) -> EventHeader {
      EventHeader(
        function: frames.last?.function ?? 1, line: frames.last?.line ?? 1, depth: depth,
        stack: stack, time: time)
    }
    switch choice {
    case 0..<20:
      let many = numbers.next() % 10 == 0
      let function = UInt32(numbers.next() % (many ? 69_000 : 60)) + 1
      let isResume = numbers.next() % 4 == 0
      let odd = numbers.next() % 10 == 0
      let line = callLines[Int(function)] + (odd || isResume ? Int32(numbers.next() % 1500) : 0)
      frames.append((function, line))
      events.append(Event(kind: isResume ? .resume : .call, mark: mark(depth + 1)))
    case 20..<40:
      if numbers.next() % 3 == 0 { frames[frames.count - 1].line += Int32(numbers.next() % 9) }
      let kinds: [EventKind] = [.return, .return, .yield, .await, .unwind]
      var event = Event(kind: kinds[Int(numbers.next() % 5)], mark: mark(depth))
      if numbers.next() % 3 == 0 { event.texts = [numbers.next() % 1_000_000_000_000] }
      events.append(event)
      frames.removeLast()
    case 40..<45:
      let kinds: [EventKind] = [.cCall, .cReturn, .cException]
      events.append(
        Event(
          kind: kinds[Int(numbers.next() % 3)], mark: mark(depth),
          cFunction: UInt32(numbers.next() % 1000)))
    case 45..<48:
      events.append(
        Event(
          kind: .exception, mark: mark(depth),
          texts: (0..<Int(numbers.next() % 3)).map { (UInt64($0) + numbers.next() % 3) << 20 }))
    case 48: frames.removeLast(Int(numbers.next() % UInt64(frames.count)))
    default:
      let jump = numbers.next() % 20 == 0
      let step = jump ? Int32(numbers.next() % 100_000) - 50_000 : Int32(numbers.next() % 12) - 4
      frames[frames.count - 1].line = max(0, frames[frames.count - 1].line + step)
      events.append(Event(kind: .line, mark: mark(depth)))
    }
  }
  return events
}
