import CTraceHook
import TraceFormat

// The fast handlers of a session whose only strategy is a recorder without values, at all depths.
// They pass predicted events straight to the encoder. Everything they call is inlined, so they are
// leaf functions and spill no registers. They decline all other events, which take the slow path in
// `RecordingState`.

extension RecordingState {
  @inline(__always)
  static func recordCall(
    _ thread: Pinned<ThreadState>, _ record: Pinned<FunctionRecord>, _ frame: ObjectAddress,
    _ below: ObjectAddress?
  ) -> CTraceHook_Outcome {
    guard let writer = thread.value.writer,
      record.value.definedIn == writer.value.serial,
      below == nil || thread.value.isLast(below!), !thread.value.stack.isFull,
      let time = thread.value.clock.counted()
    else { return .declined }
    let header = EventHeader(
      function: record.value.recordedAs, line: record.value.recordedCallLine,
      depth: Int32(truncatingIfNeeded: thread.value.depth), stack: thread.value.stack.number,
      time: time)
    guard writer.value.encoder.encodeShortCall(header) else { return .declined }
    thread.value.pushUnchecked(frame, record, at: time)
    return .proceed
  }

  /// Records the call or resume of a generator or coroutine, which can start at any line. Declines
  /// the outermost frame of a task, which needs another record.
  @inline(__always)
  static func recordGenerator(
    _ thread: Pinned<ThreadState>, _ record: Pinned<FunctionRecord>, _ frame: ObjectAddress,
    _ kind: CTraceHook_Kind, _ below: ObjectAddress?, _ instruction: Int32
  ) -> CTraceHook_Outcome {
    let line = record.value.knownLine(instruction)
    guard line != unknownLine, let writer = thread.value.writer,
      record.value.definedIn == writer.value.serial,
      below == nil ? !record.value.isAsync : thread.value.isLast(below!),
      !thread.value.stack.isFull,
      let time = thread.value.clock.counted()
    else { return .declined }
    let callLine = record.value.recordedCallLine
    let header = EventHeader(
      function: record.value.recordedAs, line: line,
      depth: Int32(truncatingIfNeeded: thread.value.depth), stack: thread.value.stack.number,
      time: time)
    guard
      kind == .resume
        ? writer.value.encoder.encodeShortResume(header, callLine: callLine)
        : line == callLine && writer.value.encoder.encodeShortCall(header)
    else { return .declined }
    thread.value.pushUnchecked(frame, record, at: time)
    return .proceed
  }

  @inline(__always)
  static func recordLine(
    _ thread: Pinned<ThreadState>, _ line: Int32
  ) -> CTraceHook_Outcome {
    guard let writer = thread.value.writer,
      let time = thread.value.clock.counted()
    else { return .declined }
    let isPredicted = writer.value.encoder.encodeShortLine(
      EventHeader(
        function: thread.value.function.value.recordedAs, line: line,
        depth: Int32(truncatingIfNeeded: thread.value.depth &- 1),
        stack: thread.value.stack.number, time: time))
    return isPredicted ? .proceed : .declined
  }

  @inline(__always)
  static func recordLeave(
    _ thread: Pinned<ThreadState>, _ kind: CTraceHook_Kind, _ value: ObjectAddress?,
    _ below: ObjectAddress?, _ instruction: Int32
  ) -> CTraceHook_Outcome {
    let record = thread.value.function
    let line = record.value.knownLine(instruction)
    guard let kind = ReturnEvent.Kind(kind), kind != .unwind, below == nil, line != unknownLine,
      !thread.value.stack.innermost.isOwner,
      let writer = thread.value.writer,
      let time = thread.value.clock.counted()
    else { return .declined }
    let header = EventHeader(
      function: record.value.recordedAs, line: line,
      depth: Int32(truncatingIfNeeded: thread.value.depth &- 1),
      stack: thread.value.stack.number, time: time)
    guard
      writer.value.encoder.encodeShortLeave(
        EventKind(kind), header, callLine: record.value.recordedCallLine)
    else { return .declined }
    _ = thread.value.pop()
    return .proceed
  }

  /// Records the class of an exception.
  @inline(__always)
  static func recordException(
    _ thread: Pinned<ThreadState>, _ type: ObjectAddress, _ instruction: Int32
  ) -> CTraceHook_Outcome {
    let record = thread.value.function
    let line = record.value.knownLine(instruction)
    guard line != unknownLine, !thread.value.stack.innermost.isOwner,
      let writer = thread.value.writer,
      let time = thread.value.clock.counted()
    else { return .declined }
    let header = EventHeader(
      function: record.value.recordedAs, line: line,
      depth: Int32(truncatingIfNeeded: thread.value.depth &- 1),
      stack: thread.value.stack.number, time: time)
    guard writer.value.encoder.encodeShortException(header, text: type.bits) else {
      return .declined
    }
    thread.value.raise(static: type)
    return .proceed
  }

  /// Stores the thread's writer in its state, if the recorder has made one, so that the next events
  /// use it directly.
  static func nameWriter(_ thread: Pinned<ThreadState>) {
    guard thread.value.writer == nil else { return }
    thread.value.writer = thread.value.recording?.value.writer(thread.value.index)
  }

  /// Marks the next call as indirect: it is made by untraced code, which the innermost traced frame
  /// has called.
  ///
  /// - Parameters:
  ///   - entry: address of the frame that the innermost one called.
  ///   - site: a number that identifies that frame's code, and the place that called it.
  static func enterIndirectly(_ thread: Pinned<ThreadState>, entry: UInt, site: UInt) {
    guard let writer = thread.value.recording?.value.writer(thread.value.index) else { return }
    let goesOn = thread.value.isRunning(entry: entry, site: site)
    writer.value.encoder.enterIndirectly(goesOn: goesOn)
  }
}

extension Recorder: DirectStrategy {
  func prepare(_ thread: inout ThreadState) { thread.recording = recording.state }
}
