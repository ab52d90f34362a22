import Testing
import TraceFormat

@Suite struct EventTests {
  /// Writes events to as many chunks as needed, and reads them back.
  private func roundTrip(_ events: [Event], size: Int) throws -> [Event] {
    var result: [Event] = []
    var encoder = EventEncoder()
    defer { encoder.free() }
    var header = ChunkHeader(kind: .events, length: UInt32(size))
    var memory = Memory(size)
    for (index, event) in events.enumerated() {
      if encoder.add(event) { continue }
      result += try decode(memory.content, header)
      header.time = index == 0 ? event.mark.time : encoder.time
      header.depth = encoder.depth
      header.stack = encoder.stack
      memory = Memory(size)
      memory.begin(&encoder, time: header.time, depth: header.depth, stack: header.stack)
      let fits = encoder.add(event)
      #expect(fits, "an empty chunk takes any event")
    }
    return result + (try decode(memory.content, header))
  }

  @Test(arguments: 0..<40) func whatIsWrittenIsRead(seed: UInt64) throws {
    let events = randomRun(3000, seed: seed)
    #expect(try roundTrip(events, size: seed % 2 == 0 ? 4096 : 65_536) == events)
  }

  /// The bytes 13 to 18 are those of records that are no events.
  @Test func aKindAndItsRecordsByteAreFoundFromEachOther() {
    #expect((1...14).map { EventKind.recordByte(ofRawValue: $0) } == Array(1...12) + [19, 20])
    for byte in UInt8.min ... .max {
      let kind = EventKind(recordByte: byte)
      #expect((kind != nil) == (1...12).contains(byte))
      if let kind { #expect(kind.recordByte == byte) }
    }
  }

  @Test func aPlainRunTakesLessThanTwoAndAHalfBytesAnEvent() throws {
    let memory = Memory(1 << 20)
    var encoder = EventEncoder()
    defer { encoder.free() }
    memory.begin(&encoder, time: 0)
    var time: UInt64 = 0
    func mark(_ function: UInt32, _ line: Int32, _ depth: Int32) -> EventHeader {
      time += 60
      return EventHeader(function: function, line: line, depth: depth, time: time)
    }
    var events = [Event(kind: .call, mark: mark(1, 10, 0))]
    for _ in 0..<1000 {
      events.append(Event(kind: .line, mark: mark(1, 11, 0)))
      events.append(Event(kind: .call, mark: mark(2, 20, 1)))
      events.append(Event(kind: .line, mark: mark(2, 21, 1)))
      events.append(Event(kind: .return, mark: mark(2, 21, 1)))
    }
    #expect(addAll(events, to: &encoder))
    #expect(encoder.events == 4001)
    #expect(Double(encoder.used) / Double(encoder.events) < 2.3)
  }

  @Test func stepsAndTimesAreReadAtTheEdgesOfTheirRecords() throws {
    let steps: [Int32] = [
      -9, -8, 0, 23, 24, 1000, -1000, (1 << 21) - 1, 1 << 21, -(1 << 21), -(1 << 21) - 1, 1 << 30,
    ]
    let times: [UInt64] = [0, 1023, 1024, 5000, (1 << 17) - 1, 1 << 17, 1 << 40]
    var events = [Event(kind: .call, mark: EventHeader(function: 1, line: 10, depth: 0, time: 0))]
    var time: UInt64 = 0
    for step in steps {
      for elapsed in times {
        time += elapsed
        let there = EventHeader(function: 1, line: 10 + step, depth: 0, time: time)
        let back = EventHeader(function: 1, line: 10, depth: 0, time: time + elapsed)
        events += [Event(kind: .line, mark: there), Event(kind: .line, mark: back)]
        time += elapsed
        let raised = EventHeader(function: 1, line: 10 + step, depth: 0, time: time + elapsed)
        events.append(Event(kind: .exception, mark: raised, texts: [7]))
        time += elapsed
        let called = EventHeader(function: 2, line: callLines[2], depth: 1, time: time)
        let left = EventHeader(function: 2, line: callLines[2] + 1, depth: 1, time: time + elapsed)
        events += [Event(kind: .call, mark: called), Event(kind: .return, mark: left)]
        time += elapsed
      }
    }
    #expect(try roundTrip(events, size: 4096) == events)
  }

  /// Exceptions of one class or of several, with and without texts, and the first of a new chunk.
  @Test func anExceptionOfTheLastOnesClassTakesFiveBytes() throws {
    let memory = Memory(4096)
    var encoder = EventEncoder()
    defer { encoder.free() }
    memory.begin(&encoder)
    var events = [Event(kind: .call, mark: EventHeader(function: 1, line: 10, depth: 0, time: 0))]
    for texts: [UInt64] in [[5], [5], [6], [6, 7], [6], [6], [], [6], [6]] {
      events.append(
        Event(
          kind: .exception, mark: EventHeader(function: 1, line: 11, depth: 0, time: 0),
          texts: texts)
      )
    }
    var sizes: [Int] = []
    for event in events {
      let before = encoder.used
      let fits = encoder.add(event)
      #expect(fits)
      sizes.append(encoder.used - before)
    }
    #expect(sizes.map { $0 == 5 } == [0, 0, 1, 0, 0, 0, 1, 0, 0, 1].map { $0 == 1 })
    #expect(try decode(memory.content, ChunkHeader(kind: .events, length: 4096)) == events)
    memory.begin(&encoder)
    let isShort = encoder.encodeShortException(events[1].mark, text: 6)
    #expect(!isShort, "each chunk can be read alone")
  }

  @Test func anExceptionOfAClassThatIsNotKnownIsDamage() throws {
    let call: [UInt8] = [0b110, 0, 0]  // A call of function 1.
    let raise: [UInt8] = [0x50, 0, 0, 0, 0]
    let header = ChunkHeader(kind: .events, length: 4096)
    let content = call + raise + Array(repeating: 0, count: 16)
    let error = try #require(throws: FormatError.self) { try decode(content, header) }
    #expect(error.offset == 3)
    #expect(decodeWhatIsWhole(content, header).count == 1)
  }

  /// Calls and returns of two functions that call each other. The encoder does not remember all
  /// callers of a very deep stack.
  private func recursion(_ depth: Int32) -> [Event] {
    let way = Array(0..<depth) + (0..<depth).reversed()
    return way.enumerated().map { index, depth in
      let isCall = index < way.count / 2
      let function = Int(depth % 2) + 1
      let mark = EventHeader(
        function: UInt32(function), line: callLines[function], depth: depth, stack: 0,
        time: UInt64(index) * 50)
      return Event(kind: isCall ? .call : .return, mark: mark)
    }
  }

  @Test func aDeepStackIsReadWithItsCallers() throws {
    let events = recursion(10_000)
    let size = 7 * events.count / 2
    #expect(try roundTrip(events, size: size / 4096 * 4096) == events)
  }

  @Test func callersThatAreTooManyAreForgotten() throws {
    let events = recursion(70_000)
    #expect(try roundTrip(events, size: 1 << 20) == events)
  }

  /// A killed process leaves a prefix of its stores in the chunk, as a cut at any byte does.
  @Test func everyPrefixIsAPrefixOfTheEvents() throws {
    let events = randomRun(200, seed: 7)
    let memory = Memory(8192)
    var encoder = EventEncoder()
    defer { encoder.free() }
    let header = ChunkHeader(kind: .events, length: 8192)
    memory.begin(&encoder)
    #expect(addAll(events, to: &encoder))
    let content = memory.content
    for count in 0...encoder.used {
      let read = decodeWhatIsWhole(Array(content[..<count]), header)
      // The last event may be incomplete.
      let whole = read.dropLast()
      #expect(Array(whole) == Array(events.prefix(whole.count)))
    }
  }

  /// A reader whose buffer is smaller than a chunk passes the chunk to the decoder in parts.
  @Test(arguments: 0..<10) func partsAreReadAsTheWhole(seed: UInt64) throws {
    let events = randomRun(1000, seed: seed)
    let memory = Memory(65_536)
    var encoder = EventEncoder()
    defer { encoder.free() }
    let header = ChunkHeader(kind: .events, length: 65_536)
    memory.begin(&encoder)
    let long = encoder.text(Array(repeating: UInt8(7), count: 5000).span)
    #expect(long == 0)
    #expect(addAll(events, to: &encoder))
    for size in [1, 9, 64, 1000] {
      #expect(try decodeInParts(memory.content, header, size: size) == events)
    }
  }

  private func addAll(_ events: [Event], to encoder: inout EventEncoder) -> Bool {
    for event in events where !encoder.add(event) { return false }
    return true
  }

  @Test func textsStandWhereTheEncoderSays() throws {
    let memory = Memory(4096)
    var encoder = EventEncoder()
    defer { encoder.free() }
    memory.begin(&encoder)
    let texts = ["", "x", String(repeating: "é", count: 300)].map { Array($0.utf8) }
    var places: [Int] = []
    for text in texts {
      let place = encoder.text(text.span)
      if let place { places.append(place) }
    }
    #expect(places.count == 3)
    for (text, place) in zip(texts, places) {
      #expect(EventDecoder.text(memory.content.span, at: place) == text)
    }
    #expect(EventDecoder.text(memory.content.span, at: 4090) == nil)
    #expect(EventDecoder.text(memory.content.span, at: places[1] + 1) == nil)
    #expect(try decode(memory.content, ChunkHeader(kind: .events, length: 4096)) == [])
  }

  @Test func damageIsFoundAndNothingTraps() throws {
    let events = randomRun(300, seed: 3)
    let memory = Memory(8192)
    var encoder = EventEncoder()
    defer { encoder.free() }
    memory.begin(&encoder)
    for event in events { _ = encoder.add(event) }
    let whole = memory.content
    var numbers = Numbers(99)
    var found = 0
    for _ in 0..<4000 {
      var bytes = whole
      for _ in 0..<(numbers.next() % 4 + 1) {
        bytes[Int(numbers.next() % UInt64(encoder.used))] = UInt8(
          truncatingIfNeeded: numbers.next())
      }
      do { _ = try decode(bytes, ChunkHeader(kind: .events, length: 8192)) } catch {
        found += 1
        #expect(error.offset < 8192)
      }
    }
    #expect(found > 200)
  }
}
