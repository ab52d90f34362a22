import TraceFormat

/// The JSON of speedscope: a profile for each thread, of frames that open and close.
///
/// Specification: <https://www.speedscope.app/file-format-schema.json>. The frame of a suspended
/// generator is closed, and so are the frames of a greenlet while another one runs. A task's
/// outermost frame has its own name.
struct SpeedscopeExport: CallExport {
  private let reader: TraceReader
  private let output: ExportOutput
  /// The frames of `shared.frames`.
  private var frames: [FrameKey] = []
  private var known: [FrameKey: Int] = [:]
  /// Indices in `frames` of the current file's functions, by number; -1 if there is none yet.
  private var functions: [Int] = []
  private var file = -1
  /// Indices in `frames` of the outermost frames of the thread's tasks.
  private var tasks: [UInt32: Int] = [:]
  private var tasksNamed = 0
  private var threads = 0
  private var isFirst = true

  /// The open frames, and those of the thread's other stacks.
  private var open: [Int] = []
  private var paused: [UInt32: [Int]] = [:]
  private var stackNumber: UInt32 = 0
  private var first: UInt64?
  private var last: UInt64 = 0

  private struct FrameKey: Hashable {
    let file: Int
    let function: UInt32
    let cFunction: UInt32
    /// The task whose outermost frame it is; else 0.
    var task: UInt32 = 0
  }

  init(_ reader: TraceReader, to output: ExportOutput) {
    self.reader = reader
    self.output = output
    output.append(
      "{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\",\"profiles\":[")
  }

  mutating func begin(_ thread: WalkedThread) {
    if threads > 0 { output.append(",") }
    threads += 1
    (open, paused, stackNumber, isFirst, first, last) = ([], [:], 0, true, nil, 0)
    tasks = [:]
    output.append("\n{\"type\":\"evented\",\"unit\":\"nanoseconds\",\"name\":")
    output.append(json: ThreadLabels.distinct(thread, in: reader))
    output.append(",\"events\":[")
  }

  @inline(__always)
  mutating func enter(_ event: DecodedEvent, _ stack: inout CallStack, _ thread: WalkedThread) {
    let time = reader.sinceStart(event.mark.time)
    if stack.number != stackNumber { change(to: stack.number, at: time) }
    let frame = stack.beginsTask ? number(ofTask: stack.top, thread) : number(of: stack.top, thread)
    open.append(frame)
    append("O", frame, at: time)
  }

  @inline(__always)
  mutating func leave(
    _ end: CallEnd, at time: UInt64, _ event: DecodedEvent?, _ stack: inout CallStack,
    _ thread: WalkedThread
  ) {
    let time = reader.sinceStart(time)
    if stack.number != stackNumber {
      // The frames that a greenlet left open were closed when it ran last.
      if end == .lost {
        _ = paused[stack.number]?.popLast()
        return
      }
      change(to: stack.number, at: time)
    }
    guard let frame = open.popLast() else { return }
    append("C", frame, at: time)
  }

  mutating func end(_ thread: WalkedThread) {
    output.append("],\"startValue\":")
    output.append(decimal: first ?? 0)
    output.append(",\"endValue\":")
    output.append(decimal: last)
    output.append("}")
  }

  func finish() {
    output.append("\n],\"shared\":{\"frames\":[")
    for (index, frame) in frames.enumerated() {
      output.append(index == 0 ? "\n" : ",\n")
      output.append(text(of: frame))
      output.commit()
    }
    output.append("\n]},\"name\":")
    output.append(json: ThreadLabels.process(reader.files[0]))
    output.append(",\"activeProfileIndex\":0,\"exporter\":\"swifttrace\"}\n")
  }

  @inline(__always)
  private mutating func append(_ type: StaticString, _ frame: Int, at time: UInt64) {
    let time = max(time, last)
    if first == nil { first = time }
    last = time
    output.append(isFirst ? "\n{\"type\":\"" : ",\n{\"type\":\"")
    isFirst = false
    output.append(type)
    output.append("\",\"frame\":")
    output.append(decimal: frame)
    output.append(",\"at\":")
    output.append(decimal: time)
    output.append("}")
    output.commit()
  }

  /// Closes the open frames, and opens those of another stack.
  @inline(never)
  private mutating func change(to number: UInt32, at time: UInt64) {
    for frame in open.reversed() { append("C", frame, at: time) }
    // Bounded: if 65,536 greenlets are paused, all of their open frames are forgotten.
    if paused.count >= 1 << 16 { paused = [:] }
    paused[stackNumber] = open.isEmpty ? nil : open
    stackNumber = number
    open = paused.removeValue(forKey: number) ?? []
    for frame in open { append("O", frame, at: time) }
  }

  @inline(__always)
  private mutating func number(of call: RunningCall, _ thread: WalkedThread) -> Int {
    let function = Int(call.function)
    if thread.fileIndex == file, function > 0, function < functions.count,
      functions[function] >= 0
    {
      return functions[function]
    }
    return added(call, thread)
  }

  @inline(never)
  private mutating func added(_ call: RunningCall, _ thread: WalkedThread) -> Int {
    if thread.fileIndex != file { (functions, file) = ([], thread.fileIndex) }
    let key = FrameKey(file: file, function: call.function, cFunction: call.cFunction)
    let number = known[key] ?? frames.count
    if number == frames.count {
      known[key] = number
      frames.append(key)
    }
    if call.cFunction == 0 {
      let missing = Int(call.function) + 1 - functions.count
      if missing > 0 { functions += repeatElement(-1, count: missing) }
      functions[Int(call.function)] = number
    }
    return number
  }

  /// Returns the index of a task's outermost frame.
  @inline(never)
  private mutating func number(ofTask call: RunningCall, _ thread: WalkedThread) -> Int {
    if let known = tasks[call.task] { return known }
    // Bounded: beyond 65,536 tasks, later ones have no frames of their own.
    guard tasksNamed < 1 << 16 else { return number(of: call, thread) }
    tasksNamed += 1
    tasks[call.task] = frames.count
    frames.append(
      FrameKey(
        file: thread.fileIndex, function: call.function, cFunction: call.cFunction, task: call.task)
    )
    return frames.count - 1
  }

  /// Renders a frame. Not stored, because the paths of all frames together may be long.
  private func text(of frame: FrameKey) -> [UInt8] {
    let file = reader.files[frame.file]
    guard frame.cFunction == 0 else {
      return Array("{\"name\":".utf8) + jsonString(file.cFunction(frame.cFunction) ?? [0x3F]) + [
        0x7D
      ]
    }
    let function = file.function(frame.function) ?? .unknown
    let name =
      frame.task == 0
      ? function.label(in: file) : ThreadLabels.task(frame.task, of: function)
    return Array("{\"name\":".utf8) + jsonString(name)
      + Array(",\"file\":".utf8)
      + jsonString(file.source(of: function)) + Array(",\"line\":\(function.firstLine)}".utf8)
  }
}
