import TraceFormat

/// A recording that is being written: one object behind all copies of a `Recorder`.
///
/// Events that need one record are handled here: the record is stored by the thread's writer.
/// `RecordingState` handles all others.
struct Recording {
  /// The state, which `owner` keeps alive. Stored here too, so that an event counts no references.
  let state: Pinned<RecordingState>
  private let owner: Owner

  private final class Owner {
    let state: Pinned<RecordingState>

    init(_ state: consuming RecordingState) { self.state = Pinned(state) }

    deinit { state.destroy() }
  }

  init(path: [UInt8], _ settings: RecordingSettings) throws {
    owner = Owner(try RecordingState(path: path, settings))
    state = owner.state
  }

  var summary: RecordingSummary { state.value.summary }

  @inline(__always)
  func call(_ event: borrowing CallEvent) throws {
    let line = event.line
    let function = event.function.recordedAs
    if state.value.isPlain, event.kind == .call, !event.function.isAsync,
      event.function.isDefined(in: state.value.serial),
      let writer = state.value.writer(event.place.thread),
      writer.value.encoder.call(
        EventHeader(function, line, event.place), isUsual: line == event.function.recordedCallLine)
    {
      return
    }
    try state.value.call(event, line: line)
  }

  @inline(__always)
  func line(_ event: borrowing LineEvent) throws {
    let line = event.line
    if event.kind == .line, event.function.isDefined(in: state.value.serial),
      let writer = state.value.writer(event.place.thread),
      writer.value.encoder.line(
        EventHeader(event.function.recordedAs, line, event.place))
    {
      return
    }
    try state.value.line(event, line: line)
  }

  @inline(__always)
  func leave(_ event: borrowing ReturnEvent) throws {
    let line = event.line
    if state.value.isPlain, event.kind != .unwind,
      event.function.isDefined(in: state.value.serial),
      let writer = state.value.writer(event.place.thread),
      writer.value.encoder.leave(
        EventKind(event.kind), EventHeader(event.function.recordedAs, line, event.place),
        callLine: event.function.recordedCallLine)
    {
      return
    }
    try state.value.leave(event, line: line)
  }

  func exception(_ event: borrowing ExceptionEvent) throws {
    try state.value.exception(event)
  }

  func cCall(_ event: borrowing CCallEvent) throws { try state.value.cCall(event) }
  func flush() throws { try state.value.flush() }
  func threadEnded(_ thread: Int) throws { try state.value.threadEnded(thread) }
  func programEnded(_ end: ProgramEnd) throws { try state.value.programEnded(end) }
  func forked() { state.value.forked() }
  func finish() throws { try state.value.finish() }
}

extension EventHeader {
  /// The header of an event at a position in the run.
  @inline(__always)
  init(_ function: UInt32, _ line: Int32, _ place: EventPlace) {
    self.init(
      function: function, line: line, depth: Int32(truncatingIfNeeded: place.depth),
      stack: place.stack, time: place.time)
  }
}
