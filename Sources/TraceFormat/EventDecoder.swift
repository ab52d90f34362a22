/// What a record of a chunk of events was read as.
public enum DecodedRecord: Equatable, Sendable {
  /// An event. Of a function written in C `builtin` is the number; `texts` says how many texts it names,
  /// which `EventDecoder.text(_:)` gives.
  case event(EventKind, EventMark, builtin: UInt32, texts: Int)
  /// The end of what has been written; there may be more later.
  case end
}

/// Reads the events of one chunk.
public struct EventDecoder: Sendable {
  private var path: CallPath
  private var time: UInt64
  /// Bytes of the chunk's content that have been read.
  public private(set) var position = 0
  private var texts: [UInt64] = []

  /// - Parameter header: the chunk's.
  public init(_ header: ChunkHeader) {
    path = CallPath(depth: header.depth, stack: header.stack)
    time = header.time
  }

  /// Where in the file the last event's text of a number stands.
  public func text(_ index: Int) -> UInt64 { texts[index] }

  /// Reads the next record.
  ///
  /// - Parameters:
  ///   - bytes: what stands behind the chunk's header.
  ///   - callLines: the line of a function's call events, by its number; `Int32.min` where no function
  ///     has the number.
  ///   - offset: where `bytes` begin in the file, for messages.
  /// - Throws: `FormatError` where the bytes are none that the encoder writes. The rest of the chunk
  ///   cannot be read then.
  public mutating func next(
    _ bytes: Span<UInt8>, callLines: Span<Int32>, offset: UInt64
  ) throws(FormatError) -> DecodedRecord {
    while true {
      guard position < bytes.count, bytes[position] != 0 else { return .end }
      let start = position
      let word = load(bytes)
      switch word.trailingZeroBitCount {
      case 0:
        position += 2
        time &+= word >> 6 & 0x3FF
        path.line &+= Int32(truncatingIfNeeded: word >> 1 & 0x1F) - RecordLayout.lineBias
        if path.function == 0 { throw damage(start, offset, "a line of an unknown function") }
        return event(.line)
      case 1:
        position += 3
        time &+= word >> 14 & 0x3FF
        try enter(UInt32(truncatingIfNeeded: word >> 2 & 0xFFF), 0, callLines, start, offset)
        return event(.call)
      case 2:
        position += 2
        time &+= word >> 6 & 0x3FF
        if word >> 3 & 7 == RecordLayout.resumesLast {
          let (function, line) = path.lastSuspended
          if function == 0 { throw damage(start, offset, "nothing is known that could go on") }
          path.enter(function, line: line)
          return event(.resume)
        }
        return try leave(UInt8(truncatingIfNeeded: word >> 3 & 7), start, offset)
      case 3:
        position += 4
        time &+= word >> 6 & 0x3FF
        let line = try callLine(path.function, callLines, start, offset)
        path.line = line &+ Int32(Int16(truncatingIfNeeded: word >> 16))
        return try leave(UInt8(truncatingIfNeeded: word >> 4 & 3), start, offset)
      case 4:
        position += 5
        time &+= word >> 30 & 0x3FF
        try enter(
          UInt32(truncatingIfNeeded: word >> 8 & 0xFFF),
          Int32(truncatingIfNeeded: word >> 20 & 0x3FF), callLines, start, offset)
        return event(.resume)
      case 5:
        position += 5
        time &+= word >> 30 & 0x3FF
        try enter(UInt32(truncatingIfNeeded: word >> 6 & 0xFF_FFFF), 0, callLines, start, offset)
        return event(.call)
      case 6:
        position += 1
        time &+= try number(bytes, start, offset) << RecordLayout.timeBits
      default:
        if let event = try other(bytes, callLines, start, offset) { return event }
      }
    }
  }

  /// A text that stands in a chunk.
  ///
  /// - Parameters:
  ///   - bytes: the chunk's content.
  ///   - position: where in it the text begins.
  /// - Returns: nil where no text begins there.
  public static func text(_ bytes: Span<UInt8>, at position: Int) -> [UInt8]? {
    guard position >= 0, position + 2 < bytes.count, bytes[position] == RecordLayout.other,
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

  /// The next eight bytes, zeros behind the end.
  @inline(__always)
  private func load(_ bytes: Span<UInt8>) -> UInt64 {
    var word: UInt64 = 0
    let count = min(8, bytes.count - position)
    for index in 0..<count { word |= UInt64(bytes[position + index]) << (UInt64(index) * 8) }
    return word
  }

  private func event(_ kind: EventKind) -> DecodedRecord {
    .event(
      kind,
      EventMark(
        function: path.function, line: path.line, depth: path.depth, stack: path.stack, time: time),
      builtin: 0, texts: 0)
  }

  private mutating func enter(
    _ function: UInt32, _ offset: Int32, _ callLines: Span<Int32>, _ start: Int, _ file: UInt64
  ) throws(FormatError) {
    let line = try callLine(function, callLines, start, file)
    path.enter(function, line: line &+ offset)
  }

  private mutating func leave(_ number: UInt8, _ start: Int, _ offset: UInt64) throws(FormatError)
    -> DecodedRecord
  {
    guard let kind = EventKind(rawValue: number &+ EventKind.return.rawValue), kind.leaves,
      path.function != 0
    else { throw damage(start, offset, "a return of an unknown kind or function") }
    let result = event(kind)
    path.leave(kind)
    return result
  }

  private mutating func other(
    _ bytes: Span<UInt8>, _ callLines: Span<Int32>, _ start: Int, _ offset: UInt64
  ) throws(FormatError) -> DecodedRecord? {
    guard position + 1 < bytes.count else { throw damage(start, offset, "a record is cut off") }
    let type = bytes[position + 1]
    position += 2
    switch type {
    case RecordLayout.text:
      let count = try number(bytes, start, offset)
      guard count <= RecordLayout.longestText, Int(count) <= bytes.count - position else {
        throw damage(start, offset, "a text is longer than its chunk")
      }
      position += Int(count)
      return nil
    case RecordLayout.place:
      let depth = unzigzag(try number(bytes, start, offset))
      guard depth >= -1, depth <= Format.deepest else {
        throw damage(start, offset, "a depth that cannot be")
      }
      path.move(to: depth, stack: UInt32(truncatingIfNeeded: try number(bytes, start, offset)))
      return nil
    default: break
    }
    guard let kind = EventKind(rawValue: type) else {
      throw damage(start, offset, "a record of an unknown kind")
    }
    time &+= try number(bytes, start, offset)
    let function = UInt32(truncatingIfNeeded: try number(bytes, start, offset))
    let line = unzigzag(try number(bytes, start, offset))
    _ = try callLine(function, callLines, start, offset)
    let builtin = kind.isBuiltin ? UInt32(truncatingIfNeeded: try number(bytes, start, offset)) : 0
    let count = try number(bytes, start, offset)
    guard count <= RecordLayout.mostTexts, Int(count) <= bytes.count - position else {
      throw damage(start, offset, "an event has more texts than bytes")
    }
    texts.removeAll(keepingCapacity: true)
    for _ in 0..<count { texts.append(try number(bytes, start, offset)) }
    if kind.enters { path.enter(function, line: line) } else { path.jump(to: function, line: line) }
    let mark = EventMark(
      function: function, line: line, depth: path.depth, stack: path.stack, time: time)
    if kind.leaves { path.leave(kind) }
    return .event(kind, mark, builtin: builtin, texts: texts.count)
  }

  /// The line of a function's call events. Throws where there is no such function.
  @inline(__always)
  private func callLine(
    _ function: UInt32, _ callLines: Span<Int32>, _ start: Int, _ offset: UInt64
  ) throws(FormatError) -> Int32 {
    guard Int(function) < callLines.count, callLines[Int(function)] != .min else {
      throw damage(start, offset, "an event of function \(function), which is not defined")
    }
    return callLines[Int(function)]
  }

  private mutating func number(_ bytes: Span<UInt8>, _ start: Int, _ offset: UInt64)
    throws(FormatError) -> UInt64
  {
    guard let number = Self.varint(bytes, &position) else {
      throw damage(start, offset, "a record is cut off")
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

  @inline(never)
  private func damage(_ start: Int, _ offset: UInt64, _ problem: String) -> FormatError {
    FormatError(problem, at: offset + UInt64(start))
  }
}
