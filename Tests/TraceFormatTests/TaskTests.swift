import Testing
import TraceFormat

@Suite struct TaskTests {
  /// Encoded chunks, and the expected task of each event.
  private struct Run {
    var chunks: [(content: [UInt8], header: ChunkHeader)] = []
    var tasks: [UInt32] = []
    private var encoder = EventEncoder()
    private var memory = Memory(512)
    private var header = ChunkHeader(kind: .events, length: 4096)
    private var time: UInt64 = 0

    init() { memory.begin(&encoder) }

    mutating func add(
      _ kind: EventKind, depth: Int, stack: UInt32 = 0, task: UInt32, address: UInt64 = 0
    ) {
      time += 100
      let mark = EventHeader(function: 7, line: 70, depth: Int32(depth), stack: stack, time: time)
      let store: (inout EventEncoder) -> Bool = { encoder in
        if address != 0, !encoder.task(mark, at: address, begins: kind == .call) { return false }
        return encoder.add(Event(kind: kind, mark: mark))
      }
      if !store(&encoder) {
        close()
        memory = Memory(512)
        (header.time, header.depth, header.stack) = (encoder.time, encoder.depth, encoder.stack)
        memory.begin(&encoder, time: header.time, depth: header.depth, stack: header.stack)
        #expect(store(&encoder))
      }
      tasks.append(task)
    }

    mutating func close() { chunks.append((memory.content, header)) }

    /// The tasks that the decoder finds. `gap`: index of a chunk before which events are missing.
    func read(gapBefore gap: Int? = nil) throws -> [UInt32] {
      var result: [UInt32] = []
      var tasks = TaskTable()
      for (index, chunk) in chunks.enumerated() {
        if index == gap { tasks.forget() }
        var decoder = EventDecoder(chunk.header, tasks: tasks)
        result += try decodeTasks(chunk.content, &decoder)
        tasks = decoder.tasks
      }
      return result
    }

    func free() { encoder.free() }
  }

  /// Coroutines that run in turns, on three stacks, each with calls of its own. A new one has the
  /// address of one that has ended.
  @Test(arguments: 0..<20) func eachEventBelongsToItsTask(seed: UInt64) throws {
    var numbers = Numbers(seed)
    var run = Run()
    defer { run.free() }
    var tasks = [UInt32](repeating: 0, count: 6)
    var last: UInt32 = 0
    for _ in 0..<400 {
      let place = Int(numbers.next() % 6)
      let stack = UInt32(place % 3)
      let address = 0x7F00_0000_0000 + UInt64(place) * 64
      let kind: EventKind = tasks[place] == 0 ? .call : .resume
      if kind == .call {
        last += 1
        tasks[place] = last
      }
      let task = tasks[place]
      run.add(kind, depth: 3, stack: stack, task: task, address: address)
      for _ in 0..<(numbers.next() % 4) {
        run.add(.call, depth: 4, stack: stack, task: task)
        run.add(.return, depth: 4, stack: stack, task: task)
      }
      if numbers.next() % 5 == 0 {
        run.add(numbers.next() % 2 == 0 ? .return : .unwind, depth: 3, stack: stack, task: task)
        tasks[place] = 0
      } else {
        run.add(.await, depth: 3, stack: stack, task: task)
      }
      run.add(.line, depth: 2, stack: stack, task: 0)
    }
    run.close()
    #expect(run.chunks.count > 3)
    #expect(try run.read() == run.tasks)
  }

  @Test func aTaskMayRunInsideOfAnother() throws {
    var run = Run()
    defer { run.free() }
    run.add(.call, depth: 0, task: 0)
    run.add(.call, depth: 1, task: 1, address: 64)
    run.add(.call, depth: 2, task: 1)
    run.add(.call, depth: 3, task: 2, address: 128)
    run.add(.line, depth: 3, task: 2)
    run.add(.await, depth: 3, task: 2)
    run.add(.line, depth: 2, task: 1)
    run.add(.resume, depth: 3, task: 2, address: 128)
    run.add(.return, depth: 3, task: 2)
    run.add(.return, depth: 2, task: 1)
    run.add(.return, depth: 1, task: 1)
    run.add(.line, depth: 0, task: 0)
    // A coroutine that continues at the address of an ended task is a new task.
    run.add(.resume, depth: 1, task: 3, address: 128)
    run.close()
    #expect(try run.read() == run.tasks)
  }

  @Test func framesThatEndUnseenTakeTheirTaskAlong() throws {
    var run = Run()
    defer { run.free() }
    run.add(.call, depth: 5, task: 1, address: 64)
    run.add(.line, depth: 2, task: 0)
    run.add(.call, depth: 5, stack: 1, task: 2, address: 64)
    run.add(.line, depth: 4, stack: 0, task: 0)
    run.add(.line, depth: 5, stack: 1, task: 2)
    run.close()
    #expect(try run.read() == run.tasks)
  }

  @Test func behindAGapAllTasksAreNew() throws {
    var run = Run()
    defer { run.free() }
    for turn in 0..<60 {
      run.add(turn == 0 ? .call : .resume, depth: 0, task: 1, address: 64)
      run.add(.await, depth: 0, task: 1)
    }
    run.close()
    #expect(run.chunks.count > 1)
    #expect(Set(try run.read()) == [1])
    #expect(Set(try run.read(gapBefore: 1)) == [1, 2])
  }

  @Test func whatIsTakenBackTakesItsTaskAlong() throws {
    let memory = Memory(4096)
    var encoder = EventEncoder()
    defer { encoder.free() }
    memory.begin(&encoder)
    encoder.resumesByNumber = true
    func add(_ kind: EventKind, at time: UInt64) -> Bool {
      let mark = EventHeader(function: 7, line: 70, depth: 0, time: time)
      if kind == .call, !encoder.task(mark, at: 64, begins: true) { return false }
      return encoder.add(Event(kind: kind, mark: mark))
    }
    let start = encoder.checkpoint
    #expect(add(.call, at: 100) && add(.return, at: 200))
    let isTakenBack = encoder.goBack(to: start)
    #expect(isTakenBack)
    #expect(encoder.used == 0)
    #expect(add(.call, at: 300))
    var decoder = EventDecoder(ChunkHeader(kind: .events, length: 4096))
    let tasks = try decodeTasks(memory.content, &decoder)
    #expect(tasks == [1])
  }

  @Test func damageIsFoundAndNothingTraps() throws {
    var run = Run()
    defer { run.free() }
    for turn in 0..<20 {
      run.add(.call, depth: turn, task: 0, address: UInt64(turn % 3 + 1) << 44)
    }
    run.close()
    var numbers = Numbers(4)
    for _ in 0..<3000 {
      var bytes = run.chunks[0].content
      for _ in 0..<(numbers.next() % 4 + 1) {
        bytes[Int(numbers.next() % 300)] = UInt8(truncatingIfNeeded: numbers.next())
      }
      let events = decodeWhatIsWhole(bytes, run.chunks[0].header)
      #expect(events.count < 512)
    }
  }
}
