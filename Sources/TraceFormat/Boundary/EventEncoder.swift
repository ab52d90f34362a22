import Synchronization

/// Encodes the events of one thread into a chunk's memory.
///
/// At any interruption, even by SIGKILL, the memory has whole records: a short record is one store
/// of eight bytes, in which the bytes after the record are zero, and a long record's first byte is
/// stored last. Unwritten memory must be zero.
@safe public struct EventEncoder {
  // SAFETY: `begin` receives memory in which `start ..< limit + margin` belongs to the chunk. It
  // stays mapped until `end`. Nothing is stored unless `cursor` is below `limit`.
  @usableFromInline var cursor: UnsafeMutableRawPointer
  @usableFromInline var limit: UnsafeMutableRawPointer
  private var start: UnsafeMutableRawPointer
  @usableFromInline var path = CallPath<CallerMemory>(depth: -1, stack: 0)
  /// Time of the last record, in nanoseconds of CLOCK_MONOTONIC.
  public var time: UInt64 { now }
  @usableFromInline var now: UInt64 = 0
  /// Number of events since `begin`.
  public var events: Int { count }
  @usableFromInline var count = 0

  /// The caller's identifier of the last exception's string, if that is its only one; 0 if unknown.
  /// The caller sets it after an exception that `event` wrote.
  public var exceptionText: UInt = 0

  /// Whether a resume record always has the function's number, and never refers to the function
  /// that suspended last. `goBack` requires this, because it does not restore suspended functions.
  public var resumesByNumber = false

  /// Creates an encoder without memory. Its owner calls `free`.
  public init() {
    unsafe start = UnsafeMutableRawPointer(bitPattern: 8)!
    unsafe cursor = start
    unsafe limit = start
  }

  /// Sets the memory to write to. It must be zero.
  ///
  /// - Parameters:
  ///   - memory: the chunk without its header.
  ///   - time: time in the chunk's header.
  ///   - depth: depth in the chunk's header.
  ///   - stack: stack in the chunk's header.
  public mutating func begin(
    _ memory: UnsafeMutableRawBufferPointer, time: UInt64, depth: Int32, stack: UInt32
  ) {
    precondition(memory.count > RecordLayout.margin)
    unsafe start = memory.baseAddress!
    unsafe cursor = start
    unsafe limit = start + (memory.count - RecordLayout.margin)
    now = time
    path.restart(depth: depth, stack: stack)
    exceptionText = 0
    count = 0
  }

  /// Releases the memory: until `begin`, the encoder has no room.
  public mutating func end() {
    unsafe start = UnsafeMutableRawPointer(bitPattern: 8)!
    unsafe cursor = start
    unsafe limit = start
    count = 0
  }

  /// Frees the encoder's own memory. It must not be used after that.
  public func free() { path.callers.free() }

  /// Number of bytes written since `begin`.
  public var used: Int { unsafe cursor - start }

  /// Depth of the innermost frame, for the header of the next chunk; -1 if there is none.
  public var depth: Int32 { path.depth }
  /// Stack of the innermost frame: 0, or the number of a greenlet's stack.
  public var stack: UInt32 { path.stack }

  // The functions below return false, without writing, if there is no room. The caller then begins
  // another chunk and tries again.

  /// Writes a line event.
  @inline(__always)
  public mutating func line(_ header: EventHeader) -> Bool {
    encodeShortLine(header) || encodeLongLine(header)
  }

  /// Writes a line event in its short form. Returns false, without writing, if it has none.
  @inlinable @inline(__always)
  public mutating func encodeShortLine(_ header: EventHeader) -> Bool {
    let step = header.line &- path.line
    let biased = UInt32(bitPattern: step &+ RecordLayout.lineBias)
    let elapsed = header.time &- now
    guard matchesPrediction(header), elapsed < RecordLayout.shortTimes, unsafe cursor < limit else {
      return false
    }
    if biased < RecordLayout.lineSteps {
      store(1 | UInt64(biased) << 1, elapsed, at: 6, count: 2)
    } else {
      guard isShort(step) else { return false }
      store(RecordLayout.jump | bits(step) << 8, elapsed, at: 30, count: 5)
    }
    path.line = header.line
    now = header.time
    count &+= 1
    return true
  }

  /// Writes an exception event in its short form. Returns false, without writing, if it has none:
  /// its string differs from that of the last exception.
  ///
  /// - Parameters:
  ///   - header: function, line, depth, stack and time of the event.
  ///   - text: identifier of its string, as in `exceptionText`.
  @inlinable @inline(__always)
  public mutating func encodeShortException(_ header: EventHeader, text: UInt) -> Bool {
    let step = header.line &- path.line
    let elapsed = header.time &- now
    guard text == exceptionText, text != 0, matchesPrediction(header), isShort(step),
      elapsed < RecordLayout.shortTimes, unsafe cursor < limit
    else { return false }
    store(RecordLayout.exception | bits(step) << 8, elapsed, at: 30, count: 5)
    path.line = header.line
    now = header.time
    count &+= 1
    return true
  }

  /// Writes the call of a function.
  ///
  /// - Parameters:
  ///   - header: function, line, depth, stack and time of the event.
  ///   - isUsual: whether its line is that of the function's call events.
  @inline(__always)
  public mutating func call(_ header: EventHeader, isUsual: Bool) -> Bool {
    isUsual && encodeShortCall(header) || encodeLongCall(header, isUsual: isUsual)
  }

  /// Writes a call in its short form. Its line must be that of the function's call events. Returns
  /// false, without writing, if it has no short form.
  @inlinable @inline(__always)
  public mutating func encodeShortCall(_ header: EventHeader) -> Bool {
    let elapsed = header.time &- now
    guard header.depth == path.depth &+ 1, header.stack == path.stack, header.function < 1 << 12,
      elapsed < RecordLayout.shortTimes, path.callers.hasRoom, unsafe cursor < limit
    else { return false }
    store(2 | UInt64(header.function) << 2, elapsed, at: 14, count: 3)
    enter(header)
    now = header.time
    count &+= 1
    return true
  }

  /// Writes the resume of a suspended function.
  ///
  /// - Parameters:
  ///   - header: function, line, depth, stack and time of the event.
  ///   - callLine: line of the function's call events.
  @inline(__always)
  public mutating func resume(_ header: EventHeader, callLine: Int32) -> Bool {
    guard let elapsed = emitTimeGap(header, depth: path.depth &+ 1) else { return false }
    return encodeShortResume(header, callLine: callLine) || other(.resume, header, elapsed)
  }

  /// Writes a resume in its short form. Returns false, without writing, if it has none.
  @inlinable @inline(__always)
  public mutating func encodeShortResume(_ header: EventHeader, callLine: Int32) -> Bool {
    let elapsed = header.time &- now
    guard header.depth == path.depth &+ 1, header.stack == path.stack,
      elapsed < RecordLayout.shortTimes, path.callers.hasRoom, unsafe cursor < limit
    else { return false }
    if !resumesByNumber, path.lastSuspended() == (header.function, header.line) {
      store(4 | RecordLayout.resumesLast << 3, elapsed, at: 6, count: 2)
    } else {
      let offset = UInt32(bitPattern: header.line &- callLine)
      guard offset < 1 << 10, header.function < 1 << 12 else { return false }
      let record = RecordLayout.resume | UInt64(header.function) << 8 | UInt64(offset) << 20
      store(record, elapsed, at: 30, count: 5)
    }
    enter(header)
    now = header.time
    count &+= 1
    return true
  }

  /// Writes an event that leaves a function.
  ///
  /// - Parameters:
  ///   - kind: a kind that `leaves`.
  ///   - header: function, line, depth, stack and time of the event.
  ///   - callLine: line of the function's call events.
  @inline(__always)
  public mutating func leave(_ kind: EventKind, _ header: EventHeader, callLine: Int32) -> Bool {
    encodeShortLeave(kind, header, callLine: callLine)
      || encodeLongLeave(kind, header, callLine: callLine)
  }

  /// Writes a leave event in its short form. Returns false, without writing, if it has none.
  @inlinable @inline(__always)
  public mutating func encodeShortLeave(
    _ kind: EventKind, _ header: EventHeader, callLine: Int32
  ) -> Bool {
    let elapsed = header.time &- now
    guard matchesPrediction(header), elapsed < RecordLayout.shortTimes, unsafe cursor < limit else {
      return false
    }
    let number = UInt64(kind.rawValue &- EventKind.return.rawValue)
    if header.line == path.line {
      store(4 | number << 3, elapsed, at: 6, count: 2)
    } else {
      // Without line events, the last line is that of the call.
      let offset = Int16(truncatingIfNeeded: header.line &- callLine)
      guard Int32(offset) == header.line &- callLine else { return false }
      store(8 | number << 4 | UInt64(UInt16(bitPattern: offset)) << 16, elapsed, at: 6, count: 4)
      path.line = header.line
    }
    path.leave(kind)
    now = header.time
    count &+= 1
    return true
  }

  /// Writes a task record: the next event, a call or a resume, enters a task's outermost frame.
  ///
  /// If this returns true, there is room for the event too, unless it has strings.
  ///
  /// - Parameters:
  ///   - header: function, line, depth, stack and time of the next event.
  ///   - address: address of the frame, which identifies the task until it ends.
  ///   - begins: whether the frame starts; else it resumes.
  public mutating func task(_ header: EventHeader, at address: UInt64, begins: Bool) -> Bool {
    guard room(RecordLayout.longest) else { return false }
    emitRelocation(header, depth: path.depth &+ 1)
    let type = begins ? RecordLayout.taskBegins : RecordLayout.taskGoesOn
    unsafe cursor.storeBytes(of: type, toByteOffset: 1, as: UInt8.self)
    var position = 2
    put(address, at: &position)
    publish(RecordLayout.other, count: position)
    return true
  }

  /// Writes a record of an indirect call: the next event enters a frame from unrecorded code, which
  /// the innermost frame called.
  ///
  /// Writes nothing if there is no room, because the event then begins another chunk.
  ///
  /// - Parameter goesOn: whether that code has been running since its previous call of recorded
  ///   code.
  public mutating func enterIndirectly(goesOn: Bool) {
    guard room(RecordLayout.longest) else { return }
    let type = goesOn ? RecordLayout.indirectAgain : RecordLayout.indirect
    unsafe cursor.storeBytes(of: type, toByteOffset: 1, as: UInt8.self)
    publish(RecordLayout.other, count: 2)
  }

  /// Writes an event of any kind as a long record. `texts` are the positions of its strings in the
  /// file.
  public mutating func event(
    _ kind: EventKind, _ header: EventHeader, cFunction: UInt32 = 0, texts: Span<UInt64>
  ) -> Bool {
    let depth = kind.enters ? path.depth &+ 1 : path.depth
    guard texts.count <= RecordLayout.mostTexts, room(texts.count * 10),
      let elapsed = emitTimeGap(header, depth: depth)
    else { return false }
    if kind == .exception { exceptionText = 0 }
    return other(kind, header, elapsed, cFunction: cFunction, texts: texts)
  }

  /// Writes a string, to which events can refer.
  ///
  /// - Returns: offset of the string's record in the memory; `nil` if there is no room.
  public mutating func text(_ bytes: Span<UInt8>) -> Int? {
    let count = min(bytes.count, RecordLayout.longestText)
    guard room(count) else { return nil }
    let place = used
    unsafe cursor.storeBytes(of: RecordLayout.text, toByteOffset: 1, as: UInt8.self)
    var position = 2
    put(UInt64(count), at: &position)
    unsafe bytes.withUnsafeBytes { source in
      if count > 0 {
        unsafe (cursor + position).copyMemory(from: source.baseAddress!, byteCount: count)
      }
    }
    publish(RecordLayout.other, count: position + count)
    return place
  }

  /// Number of bytes at a chunk's end in which no record begins.
  public static let margin = RecordLayout.margin

  /// Number of zero bytes that are kept after the last record when a chunk is cut off.
  public static let tail = 16

  /// Returns an upper bound of the space for strings and their event, in bytes. `texts`: number of
  /// strings; `bytes`: their total length.
  public static func roomNeeded(texts: Int, bytes: Int) -> Int {
    bytes + texts * 24 + RecordLayout.longest * 2
  }

  /// Whether `count` bytes can be written.
  public func room(_ count: Int) -> Bool {
    unsafe cursor < limit && limit - cursor >= count
  }

  /// Like `path.enter`, but the list of callers must have room.
  @inlinable @inline(__always)
  mutating func enter(_ header: EventHeader) {
    path.callers.place(path.place)
    path.depth &+= 1
    path.function = header.function
    path.line = header.line
  }

  // MARK: - Slow paths

  /// Whether a line's step fits in a record of kind 4.
  @inlinable @inline(__always)
  func isShort(_ step: Int32) -> Bool {
    step >= -RecordLayout.longestJump && step < RecordLayout.longestJump
  }

  /// Returns the bits of the step in a record of kind 4.
  @inlinable @inline(__always)
  func bits(_ step: Int32) -> UInt64 { UInt64(UInt32(bitPattern: step) & 0x3F_FFFF) }

  @inlinable @inline(__always)
  func matchesPrediction(_ header: EventHeader) -> Bool {
    header.function == path.function && header.depth == path.depth && header.stack == path.stack
  }

  /// Writes the records that bring depth, stack and time in line with the event. Returns the time
  /// still to be stored with it, in nanoseconds; `nil` if there is no room.
  @inline(never)
  private mutating func emitTimeGap(_ header: EventHeader, depth: Int32) -> UInt64? {
    guard unsafe cursor < limit else { return nil }
    emitRelocation(header, depth: depth)
    // Clocks do not go back. If one did, its time would stand still here.
    let elapsed = header.time > now ? header.time - now : 0
    guard elapsed >= RecordLayout.timeLimit else { return elapsed }
    var position = 1
    put(elapsed >> RecordLayout.timeBits, at: &position)
    publish(RecordLayout.time, count: position)
    now &+= elapsed & ~(RecordLayout.timeLimit - 1)
    return elapsed & (RecordLayout.timeLimit - 1)
  }

  /// Writes a record of the event's depth and stack, unless they are the predicted ones. `depth` is
  /// the predicted depth of its kind.
  private mutating func emitRelocation(_ header: EventHeader, depth: Int32) {
    guard header.depth != depth || header.stack != path.stack else { return }
    let below = path.depth &+ (header.depth &- depth)
    unsafe cursor.storeBytes(of: RecordLayout.place, toByteOffset: 1, as: UInt8.self)
    var position = 2
    put(zigzag: below, at: &position)
    put(UInt64(header.stack), at: &position)
    publish(RecordLayout.other, count: position)
    path.move(to: below, stack: header.stack)
  }

  @inline(never)
  private mutating func encodeLongLine(_ header: EventHeader) -> Bool {
    guard let elapsed = emitTimeGap(header, depth: path.depth) else { return false }
    return encodeShortLine(header) || other(.line, header, elapsed)
  }

  @inline(never)
  private mutating func encodeLongCall(_ header: EventHeader, isUsual: Bool) -> Bool {
    guard let elapsed = emitTimeGap(header, depth: path.depth &+ 1) else { return false }
    guard isUsual, header.function < 1 << 24 else { return other(.call, header, elapsed) }
    if encodeShortCall(header) { return true }
    store(0x20 | UInt64(header.function) << 6 | elapsed << 30, count: 5)
    path.enter(header.function, line: header.line)
    return passed(header)
  }

  @inline(never)
  private mutating func encodeLongLeave(_ kind: EventKind, _ header: EventHeader, callLine: Int32)
    -> Bool
  {
    guard let elapsed = emitTimeGap(header, depth: path.depth) else { return false }
    return encodeShortLeave(kind, header, callLine: callLine) || other(kind, header, elapsed)
  }

  private mutating func passed(_ header: EventHeader) -> Bool {
    now = max(now, header.time)
    count &+= 1
    return true
  }

  private mutating func other(_ kind: EventKind, _ header: EventHeader, _ elapsed: UInt64) -> Bool {
    other(kind, header, elapsed, cFunction: 0, texts: Span())
  }

  private mutating func other(
    _ kind: EventKind, _ header: EventHeader, _ elapsed: UInt64, cFunction: UInt32,
    texts: Span<UInt64>
  ) -> Bool {
    unsafe cursor.storeBytes(of: kind.recordByte, toByteOffset: 1, as: UInt8.self)
    var position = 2
    put(elapsed, at: &position)
    put(UInt64(header.function), at: &position)
    put(zigzag: header.line, at: &position)
    if kind.isCCall { put(UInt64(cFunction), at: &position) }
    put(UInt64(texts.count), at: &position)
    for index in texts.indices { put(texts[index], at: &position) }
    publish(RecordLayout.other, count: position)
    if kind.enters {
      path.enter(header.function, line: header.line)
    } else {
      path.jump(to: header.function, line: header.line)
      if kind.leaves { path.leave(kind) }
    }
    return passed(header)
  }

  /// Writes a whole record in one store, with a time record before it if it needs one.
  ///
  /// - Parameters:
  ///   - record: the record without its time.
  ///   - elapsed: its time, less than `RecordLayout.shortTimes`.
  ///   - shift: position of its time, in bits.
  ///   - count: size of the record in bytes, at most five.
  @inlinable @inline(__always)
  mutating func store(_ record: UInt64, _ elapsed: UInt64, at shift: UInt64, count: Int) {
    if elapsed < RecordLayout.timeLimit {
      store(record | elapsed << shift, count: count)
    } else {
      let record = record | (elapsed & (RecordLayout.timeLimit - 1)) << shift
      let units = elapsed >> RecordLayout.timeBits
      store(UInt64(RecordLayout.time) | units << 8 | record << 16, count: count &+ 2)
    }
  }

  /// Writes a whole record in one store.
  @inlinable @inline(__always)
  mutating func store(_ word: UInt64, count: Int) {
    unsafe cursor.storeBytes(of: word.littleEndian, as: UInt64.self)
    unsafe cursor += count
  }

  /// Clears the chunk's content from an offset on. The records before it stay whole throughout.
  mutating func clear(from used: Int) {
    exceptionText = 0
    unsafe (start + used).storeBytes(of: 0, as: UInt8.self)
    atomicMemoryFence(ordering: .releasing)
    unsafe (start + used).initializeMemory(
      as: UInt8.self, repeating: 0, count: cursor - start - used)
    unsafe cursor = start + used
  }

  /// Completes a long record by storing its first byte, after its other bytes.
  private mutating func publish(_ first: UInt8, count: Int) {
    atomicMemoryFence(ordering: .releasing)
    unsafe cursor.storeBytes(of: first, as: UInt8.self)
    unsafe cursor += count
  }

  /// Writes seven bits in each byte, the low ones first. The highest bit of a byte is set if more
  /// follow.
  private func put(_ number: UInt64, at position: inout Int) {
    var rest = number
    while rest >= 0x80 {
      unsafe cursor.storeBytes(
        of: UInt8(truncatingIfNeeded: rest) | 0x80, toByteOffset: position, as: UInt8.self)
      position += 1
      rest >>= 7
    }
    unsafe cursor.storeBytes(
      of: UInt8(truncatingIfNeeded: rest), toByteOffset: position, as: UInt8.self)
    position += 1
  }

  /// Writes a number that can be negative.
  private func put(zigzag number: Int32, at position: inout Int) {
    put(UInt64(UInt32(bitPattern: number << 1 ^ number >> 31)), at: &position)
  }
}
