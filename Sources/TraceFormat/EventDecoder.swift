/// Decodes the events of one chunk.
///
/// Accepts any bytes: those that no encoder writes are an error, and never a trap.
public struct EventDecoder: Sendable {
  /// Reason for the end of a `read`.
  public enum Outcome: Sendable {
    /// The batch has reached its limit.
    case full
    /// The end of the written part. More may be written later.
    case end
    /// The next record extends beyond the bytes passed.
    case needsMore
  }

  private var path: CallPath<[UInt64]>
  /// Position in the file of the last exception's only string; `nil` if there was no exception yet,
  /// or if it did not have exactly one string.
  private var exceptionText: UInt64?
  /// Time of the last record, in nanoseconds of CLOCK_MONOTONIC.
  private var time: UInt64
  /// Offset of the next record in the chunk's content, in bytes.
  public private(set) var position = 0
  /// Offset in the content of the bytes passed to `read`, and offset in these bytes of the next
  /// record.
  private var base = 0
  private var cursor = 0
  /// Mark of the next event, if it enters a frame from unrecorded code; else `nil`.
  private var indirect: Bool?

  /// The thread's tasks, up to the last decoded record.
  public private(set) var tasks: TaskTable

  /// Upper bound of a record's size in bytes.
  public static let longestRecord = 1 << 17

  /// Creates a decoder for the events of a chunk.
  ///
  /// - Parameters:
  ///   - header: header of the chunk.
  ///   - tasks: the thread's tasks at the end of its previous chunk.
  public init(_ header: ChunkHeader, tasks: TaskTable = TaskTable()) {
    path = CallPath(depth: header.depth, stack: header.stack)
    time = header.time
    self.tasks = tasks
    self.tasks.move(to: header.depth, stack: header.stack)
  }

  /// Decodes events.
  ///
  /// - Parameters:
  ///   - bytes: a part of the chunk's content that contains `position`.
  ///   - base: offset of `bytes` in the content.
  ///   - end: offset in the content at which no further record begins.
  ///   - isLast: whether the content ends with `bytes`.
  ///   - callLines: line of each function's call events, indexed by the function's number;
  ///     `Int32.min` for unused numbers.
  ///   - offset: offset of the content in the file, for messages.
  ///   - limit: maximum number of events in the batch.
  ///   - batch: receives the events.
  /// - Throws: `FormatError` if the bytes are not a valid record. The rest of the chunk cannot be
  ///   decoded then.
  public mutating func read(
    _ bytes: Span<UInt8>, base: Int = 0, end: Int = .max, isLast: Bool = true,
    callLines: Span<Int32>, offset: UInt64, limit: Int, into batch: inout EventBatch
  ) throws(FormatError) -> Outcome {
    self.base = base
    cursor = position - base
    precondition(cursor >= 0)
    let end = min(end - base, bytes.count)
    if let indirect { batch.mark(indirect: indirect) }
    defer { indirect = batch.unmarkIndirect() }
    while batch.events.count < limit {
      guard cursor < end, bytes[cursor] != 0 else {
        return isLast || cursor < bytes.count ? .end : .needsMore
      }
      guard isLast || bytes.count - cursor >= 8 else { return .needsMore }
      let (time, texts) = (time, batch.textTotal)
      do {
        try record(bytes, callLines, offset, &batch)
      } catch {
        batch.truncateTexts(to: texts)
        self.time = time
        guard !isLast, bytes.count + base - position < Self.longestRecord else { throw error }
        return .needsMore
      }
      position = base + cursor
    }
    return .full
  }

  /// Returns a string of a chunk.
  ///
  /// - Parameters:
  ///   - bytes: content of the chunk.
  ///   - position: offset of the string's record in the content.
  /// - Returns: `nil` if there is no valid string at `position`.
  public static func text(_ bytes: Span<UInt8>, at position: Int) -> [UInt8]? {
    guard position >= 0, position < bytes.count - 2, bytes[position] == RecordLayout.other,
      bytes[position + 1] == RecordLayout.text
    else { return nil }
    var place = position + 2
    guard let count = varint(bytes, &place), count <= RecordLayout.longestText,
      Int(count) <= bytes.count - place
    else { return nil }
    var result: [UInt8] = []
    result.reserveCapacity(Int(count))
    for index in place..<(place + Int(count)) { result.append(bytes[index]) }
    return result
  }

  @inline(__always)
  private mutating func record(
    _ bytes: Span<UInt8>, _ callLines: Span<Int32>, _ offset: UInt64, _ batch: inout EventBatch
  ) throws(FormatError) {
    let word = bytes.word(at: cursor)
    let type = word.trailingZeroBitCount
    if bytes.count - cursor < 8, type < RecordLayout.shortSizes.count,
      bytes.count - cursor < RecordLayout.shortSizes[type]
    {
      throw damage(offset, "a record is cut off")
    }
    switch type {
    case 0:
      cursor &+= 2
      time &+= word >> 6 & 0x3FF
      path.line &+= Int32(truncatingIfNeeded: word >> 1 & 0x1F) &- RecordLayout.lineBias
      if path.function == 0 { throw damage(offset, "a line of an unknown function") }
      batch.append(.line, mark, task: tasks.current)
    case 1:
      cursor &+= 3
      time &+= word >> 14 & 0x3FF
      try enter(UInt32(truncatingIfNeeded: word >> 2 & 0xFFF), 0, callLines, offset)
      batch.append(.call, mark, task: tasks.current)
    case 2:
      cursor &+= 2
      time &+= word >> 6 & 0x3FF
      if word >> 3 & 7 == RecordLayout.resumesLast {
        let (function, line) = path.lastSuspended()
        if function == 0 { throw damage(offset, "nothing is known that could go on") }
        path.enter(function, line: line)
        batch.append(.resume, mark, task: tasks.current)
      } else {
        try leave(UInt8(truncatingIfNeeded: word >> 3 & 7), offset, &batch)
      }
    case 3:
      cursor &+= 4
      time &+= word >> 6 & 0x3FF
      let line = try callLine(path.function, callLines, offset)
      path.line = line &+ Int32(Int16(truncatingIfNeeded: word >> 16))
      try leave(UInt8(truncatingIfNeeded: word >> 4 & 3), offset, &batch)
    case 4:
      cursor &+= 5
      time &+= word >> 30 & 0x3FF
      if word & 0xFF == RecordLayout.resume {
        try enter(
          UInt32(truncatingIfNeeded: word >> 8 & 0xFFF),
          Int32(truncatingIfNeeded: word >> 20 & 0x3FF), callLines, offset)
        batch.append(.resume, mark, task: tasks.current)
      } else {
        let step = Int32(truncatingIfNeeded: word >> 8) << 10
        path.line &+= step >> 10
        try lineOrException(word & 0xFF, offset, &batch)
      }
    case 5:
      cursor &+= 5
      time &+= word >> 30 & 0x3FF
      try enter(UInt32(truncatingIfNeeded: word >> 6 & 0xFF_FFFF), 0, callLines, offset)
      batch.append(.call, mark, task: tasks.current)
    case 6:
      cursor &+= 1
      time &+= try number(bytes, offset) << RecordLayout.timeBits
    default: try other(bytes, callLines, offset, &batch)
    }
  }

  private var mark: EventHeader {
    @inline(__always) get {
      EventHeader(
        function: path.function, line: path.line, depth: path.depth, stack: path.stack, time: time)
    }
  }

  @inline(__always)
  private mutating func enter(
    _ function: UInt32, _ lineOffset: Int32, _ callLines: Span<Int32>, _ offset: UInt64
  ) throws(FormatError) {
    let line = try callLine(function, callLines, offset)
    path.enter(function, line: line &+ lineOffset)
  }

  @inline(__always)
  private mutating func leave(_ number: UInt8, _ offset: UInt64, _ batch: inout EventBatch)
    throws(FormatError)
  {
    guard let kind = EventKind(rawValue: number &+ EventKind.return.rawValue), kind.leaves,
      path.function != 0
    else { throw damage(offset, "a return of an unknown kind or function") }
    batch.append(kind, mark, task: tasks.current)
    pathLeaves(kind)
  }

  @inline(__always)
  private func lineOrException(_ type: UInt64, _ offset: UInt64, _ batch: inout EventBatch)
    throws(FormatError)
  {
    if path.function == 0 { throw damage(offset, "a line of an unknown function") }
    switch type {
    case RecordLayout.jump: batch.append(.line, mark, task: tasks.current)
    case RecordLayout.exception:
      guard let exceptionText else { throw damage(offset, "an exception of an unknown class") }
      batch.append(text: exceptionText)
      batch.append(.exception, mark, task: tasks.current, cFunction: 0, texts: 1)
    default: throw damage(offset, "a record of an unknown kind")
    }
  }

  @inline(never)
  private mutating func other(
    _ bytes: Span<UInt8>, _ callLines: Span<Int32>, _ offset: UInt64, _ batch: inout EventBatch
  ) throws(FormatError) {
    guard cursor + 1 < bytes.count else { throw damage(offset, "a record is cut off") }
    let type = bytes[cursor + 1]
    cursor += 2
    switch type {
    case RecordLayout.firstSkipped...:
      let count = try number(bytes, offset)
      guard count <= RecordLayout.longestText, Int(count) <= bytes.count - cursor else {
        throw damage(offset, "a record is longer than its chunk")
      }
      cursor += Int(count)
      return
    case RecordLayout.text:
      let count = try number(bytes, offset)
      guard count <= RecordLayout.longestText, Int(count) <= bytes.count - cursor else {
        throw damage(offset, "a text is longer than its chunk")
      }
      cursor += Int(count)
      return
    case RecordLayout.place:
      let depth = unzigzag(try number(bytes, offset))
      guard depth >= -1, depth <= Format.deepest else {
        throw damage(offset, "a depth that cannot be")
      }
      path.move(to: depth, stack: UInt32(truncatingIfNeeded: try number(bytes, offset)))
      tasks.move(to: depth, stack: path.stack)
      return
    case RecordLayout.indirect, RecordLayout.indirectAgain:
      batch.mark(indirect: type == RecordLayout.indirectAgain)
      return
    case RecordLayout.taskBegins, RecordLayout.taskGoesOn:
      let address = try number(bytes, offset)
      tasks.enter(address, at: path.depth &+ 1, isNew: type == RecordLayout.taskBegins)
      return
    default: break
    }
    guard let kind = EventKind(recordByte: type) else {
      throw damage(offset, "a record of an unknown kind")
    }
    time &+= try number(bytes, offset)
    let function = UInt32(truncatingIfNeeded: try number(bytes, offset))
    let line = unzigzag(try number(bytes, offset))
    _ = try callLine(function, callLines, offset)
    let cFunction = kind.isCCall ? UInt32(truncatingIfNeeded: try number(bytes, offset)) : 0
    let count = try number(bytes, offset)
    guard count <= RecordLayout.mostTexts, Int(count) <= bytes.count - cursor else {
      throw damage(offset, "an event has more texts than bytes")
    }
    var last: UInt64?
    for _ in 0..<count {
      let text = try number(bytes, offset)
      batch.append(text: text)
      last = text
    }
    if kind == .exception { exceptionText = count == 1 ? last : nil }
    if kind.enters { path.enter(function, line: line) } else { path.jump(to: function, line: line) }
    batch.append(kind, mark, task: tasks.current, cFunction: cFunction, texts: Int(count))
    if kind.leaves { pathLeaves(kind) }
  }

  @inline(__always)
  private mutating func pathLeaves(_ kind: EventKind) {
    path.leave(kind)
    if path.depth < tasks.depth { tasks.leave(isOver: !kind.suspends) }
  }

  /// Returns the line of a function's call events. Throws if the function is not defined.
  @inline(__always)
  private func callLine(_ function: UInt32, _ callLines: Span<Int32>, _ offset: UInt64)
    throws(FormatError) -> Int32
  {
    guard Int(function) < callLines.count, callLines[Int(function)] != .min else {
      throw damage(offset, "an event of function \(function), which is not defined")
    }
    return callLines[Int(function)]
  }

  private mutating func number(_ bytes: Span<UInt8>, _ offset: UInt64) throws(FormatError) -> UInt64
  {
    guard let number = Self.varint(bytes, &cursor) else {
      throw damage(offset, "a record is cut off")
    }
    return number
  }

  private static func varint(_ bytes: Span<UInt8>, _ position: inout Int) -> UInt64? {
    var result: UInt64 = 0
    var shift: UInt64 = 0
    while position < bytes.count, shift < 64 {
      let byte = bytes[position]
      position += 1
      result |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return result }
      shift += 7
    }
    return nil
  }

  private func unzigzag(_ number: UInt64) -> Int32 {
    let number = UInt32(truncatingIfNeeded: number)
    return Int32(bitPattern: number >> 1) ^ -Int32(bitPattern: number & 1)
  }

  /// Returns the error for the record at `position`.
  @inline(never)
  private func damage(_ offset: UInt64, _ problem: @autoclosure () -> String) -> FormatError {
    FormatError(problem(), at: offset + UInt64(position))
  }
}
