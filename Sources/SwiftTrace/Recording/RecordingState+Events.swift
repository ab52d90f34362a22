import TraceFormat

/// Slow path: events that need more than one short record.
extension RecordingState {
  mutating func call(_ event: borrowing CallEvent, line: Int32) throws {
    noticeFork()
    guard let writer = try prepare(event.function, event.frame, event.place) else { return }
    let header = EventHeader(event.function.recordedAs, line, event.place)
    if settings.minimumDuration > 0 {
      if event.kind == .call {
        open(header, in: writer)
      } else {
        forget(header.depth, in: writer)
      }
    }
    let isCall = event.kind == .call
    let task = event.frame.task(of: event.function)
    if keepsValues, isCall {
      texts.begin()
      for index in 0..<event.function.parameterCount {
        texts.append { buffer in
          buffer.append(event.frame.local(event.function.parameterSlot(index)), as: .repr)
        }
      }
      try store(.call, header, task: task, in: writer)
      return
    }
    let callLine = event.function.recordedCallLine
    try encodeStartingChunkIfFull(writer, header.time) { encoder in
      if task != 0, !encoder.task(header, at: task, begins: isCall) { return false }
      return isCall
        ? encoder.call(header, isUsual: line == callLine)
        : encoder.resume(header, callLine: callLine)
    }
  }

  mutating func line(_ event: borrowing LineEvent, line: Int32) throws {
    noticeFork()
    guard let writer = try prepare(event.function, event.frame, event.place) else { return }
    let header = EventHeader(event.function.recordedAs, line, event.place)
    guard event.kind == .line else {
      texts.begin()
      try store(EventKind(event.kind), header, in: writer)
      return
    }
    try encodeStartingChunkIfFull(writer, header.time) { $0.line(header) }
  }

  mutating func leave(_ event: borrowing ReturnEvent, line: Int32) throws {
    noticeFork()
    guard let writer = try prepare(event.function, event.frame, event.place) else { return }
    let header = EventHeader(event.function.recordedAs, line, event.place)
    try store(event, header, in: writer)
    guard settings.minimumDuration > 0 else { return }
    if EventKind(event.kind).suspends {
      forget(header.depth, in: writer)
    } else {
      close(header, in: writer)
    }
  }

  private mutating func store(
    _ event: borrowing ReturnEvent, _ header: EventHeader, in writer: Pinned<ThreadWriter>
  ) throws {
    let kind = EventKind(event.kind)
    texts.begin()
    if kind.namesException {
      switch event.exceptionType {
      case .none: break
      case .some(let type): texts.begin(name: type)
      }
    } else if keepsValues {
      texts.append { $0.append(event.value, as: .repr) }
    }
    if !texts.isEmpty {
      try store(kind, header, in: writer)
      return
    }
    let callLine = event.function.recordedCallLine
    try encodeStartingChunkIfFull(writer, header.time) {
      $0.leave(kind, header, callLine: callLine)
    }
  }

  mutating func exception(_ event: borrowing ExceptionEvent) throws {
    noticeFork()
    guard let writer = try prepare(event.function, event.frame, event.place) else { return }
    switch event.exceptionType {
    case .none: texts.begin()
    case .some(let type): texts.begin(name: type)
    }
    if keepsValues { texts.append { $0.append(messageOf: event.exception) } }
    let header = EventHeader(event.function.recordedAs, event.line, event.place)
    let name = texts.onlyName
    if try store(.exception, header, in: writer) {
      writer.value.encoder.exceptionText = name
    }
  }

  mutating func cCall(_ event: borrowing CCallEvent) throws {
    noticeFork()
    guard let writer = try prepare(event.function, event.frame, event.place), let file else {
      return
    }
    var number: UInt32 = 0
    let hasRoom = try makingRoom(in: file) { state in
      number = try state.definitions.number(of: event.callee, in: file)
    }
    guard hasRoom else { return drop(writer, at: event.place.time) }
    texts.begin()
    if keepsValues { texts.append { $0.append(event.callee, as: .repr) } }
    let header = EventHeader(event.function.recordedAs, event.line, event.place)
    try store(EventKind(event.kind), header, cFunction: number, in: writer)
  }
}
