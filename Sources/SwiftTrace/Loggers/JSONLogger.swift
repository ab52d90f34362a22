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
      switch event.kind {
      case .call: line.open(event: "call", kind: "call")
      case .resume: line.open(event: "call", kind: "resume")
      }
      line.append(event.function, line: event.line, event.place)
      line.append("}")
    }
  }

  public mutating func line(_ event: borrowing LineEvent) throws {
    try sink.write { line in
      switch event.kind {
      case .line: line.open(event: "line", kind: "line")
      case .opcode: line.open(event: "opcode", kind: "opcode")
      }
      line.append(event.function, line: event.line, event.place)
      line.append("}")
    }
  }

  public mutating func `return`(_ event: borrowing ReturnEvent) throws {
    try sink.write { line in
      switch event.kind {
      case .return: line.open(event: "return", kind: "return")
      case .yield: line.open(event: "return", kind: "yield")
      case .await: line.open(event: "return", kind: "await")
      case .unwind: line.open(event: "return", kind: "unwind")
      }
      line.append(event.function, line: event.line, event.place)
      switch event.kind {
      case .unwind: line.append(memberNaming: event.exceptionType)
      case .return, .yield, .await: line.append(member: event.value)
      }
      line.append("}")
    }
  }

  public mutating func exception(_ event: borrowing ExceptionEvent) throws {
    try sink.write { line in
      line.open(event: "exception", kind: "exception")
      line.append(event.function, line: event.line, event.place)
      line.append(memberNaming: event.exceptionType)
      line.append(messageOf: event, asMember: ())
      line.append("}")
    }
  }

  public mutating func cCall(_ event: borrowing CCallEvent) throws {
    try sink.write { line in
      switch event.kind {
      case .call: line.open(event: "c_call", kind: "c_call")
      case .return: line.open(event: "c_return", kind: "c_return")
      case .exception: line.open(event: "c_exception", kind: "c_exception")
      }
      line.append(event.function, line: event.line, event.place)
      line.append(member: event.callee)
      line.append("}")
    }
  }

  public mutating func flush() throws { try sink.flush() }
}

extension LineBuffer {
  fileprivate mutating func open(event: StaticString, kind: StaticString) {
    append("{\"event\":\"")
    append(event)
    append("\",\"kind\":\"")
    append(kind)
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
