import TraceFormat

/// Prints one JSON object for each event, for tools: see docs/json-lines.md.
///
///     {"event":"call","kind":"call","function":"f","file":"/a.py","line":3,"depth":0,"thread":0}
///
/// `event` is CPython's name; `kind` distinguishes the cases that share one. `value` is the
/// returned, yielded or awaited value, the exception's class, or the C function; other events have
/// none.
public struct JSONLogger: TracerStrategy {
  public let interests: EventSet
  private let sink: TextSink

  /// Creates a logger that prints to a sink.
  ///
  /// - Parameters:
  ///   - events: the events to print (default: all but C calls).
  ///   - sink: the destination of the text (default: standard error).
  public init(_ events: EventSet = .settrace, to sink: TextSink = .standardError) {
    interests = events
    self.sink = sink
  }

  public mutating func call(_ event: borrowing CallEvent) throws {
    try sink.write { line in
      line.open(EventKind(event.kind))
      line.append(event.function, line: event.line, event.place)
      line.append("}")
    }
  }

  public mutating func line(_ event: borrowing LineEvent) throws {
    try sink.write { line in
      line.open(EventKind(event.kind))
      line.append(event.function, line: event.line, event.place)
      line.append("}")
    }
  }

  public mutating func `return`(_ event: borrowing ReturnEvent) throws {
    try sink.write { line in
      let kind = EventKind(event.kind)
      line.open(kind)
      line.append(event.function, line: event.line, event.place)
      if kind.namesException {
        line.append(memberNaming: event.exceptionType)
      } else {
        line.append(member: event.value)
      }
      line.append("}")
    }
  }

  public mutating func exception(_ event: borrowing ExceptionEvent) throws {
    try sink.write { line in
      line.open(.exception)
      line.append(event.function, line: event.line, event.place)
      line.append(memberNaming: event.exceptionType)
      line.append(messageOf: event, asMember: ())
      line.append("}")
    }
  }

  public mutating func cCall(_ event: borrowing CCallEvent) throws {
    try sink.write { line in
      line.open(EventKind(event.kind))
      line.append(event.function, line: event.line, event.place)
      line.append(member: event.callee)
      line.append("}")
    }
  }

  public mutating func flush() throws { try sink.flush() }
}

extension LineBuffer {
  fileprivate mutating func open(_ kind: EventKind) {
    append("{\"event\":\"")
    append(kind.pythonName)
    append("\",\"kind\":\"")
    append(kind.name)
    append("\"")
  }

  fileprivate mutating func append(
    _ function: borrowing Function, line: Int32, _ place: EventPlace
  ) {
    append(",\"function\":")
    var start = openJSONString()
    append(function.qualifiedNameBytes)
    closeJSONString(from: start)
    append(",\"file\":")
    start = openJSONString()
    append(function.fileBytes)
    closeJSONString(from: start)
    append(",\"line\":")
    append(decimal: line)
    append(",\"depth\":")
    append(decimal: place.depth)
    append(",\"thread\":")
    append(decimal: place.thread)
    if place.process > 0 {
      append(",\"process\":")
      append(decimal: place.process)
    }
  }

  /// Appends the `repr()` of a value, if there is one.
  fileprivate mutating func append(member value: borrowing Value?) {
    switch value {
    case .none: break
    case .some(let value):
      append(",\"value\":")
      let start = openJSONString()
      append(value, as: .repr)
      closeJSONString(from: start)
    }
  }

  /// Appends the message of an exception, if there is one.
  fileprivate mutating func append(messageOf event: borrowing ExceptionEvent, asMember: Void) {
    let end = count
    append(",\"message\":")
    let start = openJSONString()
    append(messageOf: event)
    if count == start { return truncate(to: end) }
    closeJSONString(from: start)
  }

  /// Appends the name of a class.
  fileprivate mutating func append(memberNaming type: borrowing Value?) {
    append(",\"value\":")
    let start = openJSONString()
    append(className: type)
    closeJSONString(from: start)
  }
}
