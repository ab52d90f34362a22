import TraceFormat

/// A recording that is being written: one object behind all copies of a `Recorder`.
///
/// The way of an event that is as usual is here: the thread's writer is found, and one record is stored.
/// All else is `RecordingState`'s.
@safe struct Recording {
  // SAFETY: `owner` keeps the state. It is named here too, so that an event counts no references; the GIL
  // keeps callers apart.
  let state: UnsafeMutablePointer<RecordingState>
  private let owner: Owner

  @safe private final class Owner {
    let state: UnsafeMutablePointer<RecordingState>

    init(_ state: consuming RecordingState) {
      unsafe self.state = .allocate(capacity: 1)
      unsafe self.state.initialize(to: state)
    }

    deinit {
      unsafe state.deinitialize(count: 1)
      unsafe state.deallocate()
    }
  }

  init(path: [UInt8], _ settings: RecordingSettings) throws {
    owner = Owner(try RecordingState(path: path, settings))
    unsafe state = owner.state
  }

  var summary: RecordingSummary { unsafe state.pointee.summary }

  @inline(__always)
  func call(_ event: borrowing CallEvent) throws {
    let line = event.line
    let function = event.function.recordedAs
    if unsafe state.pointee.isPlain, event.kind == .call, !event.function.isAsync,
      unsafe event.function.isDefined(in: state.pointee.serial),
      let writer = unsafe state.pointee.writer(event.place.thread),
      unsafe writer.pointee.encoder.call(
        EventMark(function, line, event.place), isUsual: line == event.function.recordedCallLine)
    {
      return
    }
    try unsafe state.pointee.call(event, line: line)
  }

  @inline(__always)
  func line(_ event: borrowing LineEvent) throws {
    let line = event.line
    if event.kind == .line, unsafe event.function.isDefined(in: state.pointee.serial),
      let writer = unsafe state.pointee.writer(event.place.thread),
      unsafe writer.pointee.encoder.line(
        EventMark(event.function.recordedAs, line, event.place))
    {
      return
    }
    try unsafe state.pointee.line(event, line: line)
  }

  @inline(__always)
  func leave(_ event: borrowing ReturnEvent) throws {
    let line = event.line
    if unsafe state.pointee.isPlain, event.kind != .unwind,
      unsafe event.function.isDefined(in: state.pointee.serial),
      let writer = unsafe state.pointee.writer(event.place.thread),
      unsafe writer.pointee.encoder.leave(
        EventKind(event.kind), EventMark(event.function.recordedAs, line, event.place),
        callLine: event.function.recordedCallLine)
    {
      return
    }
    try unsafe state.pointee.leave(event, line: line)
  }

  func exception(_ event: borrowing ExceptionEvent) throws {
    try unsafe state.pointee.exception(event)
  }

  func builtin(_ event: borrowing BuiltinEvent) throws { try unsafe state.pointee.builtin(event) }
  func flush() throws { try unsafe state.pointee.flush() }
  func threadEnded(_ thread: Int) throws { try unsafe state.pointee.threadEnded(thread) }
  func forked() { unsafe state.pointee.forked() }
  func finish() throws { try unsafe state.pointee.finish() }
}

extension EventMark {
  /// Where an event stands.
  @inline(__always)
  init(_ function: UInt32, _ line: Int32, _ place: EventPlace) {
    self.init(
      function: function, line: line, depth: Int32(truncatingIfNeeded: place.depth),
      stack: place.stack, time: place.time)
  }
}

extension EventKind {
  @inline(__always)
  init(_ kind: ReturnEvent.Kind) {
    self =
      switch kind {
      case .return: .return
      case .yield: .yield
      case .await: .await
      case .unwind: .unwind
      }
  }
}
