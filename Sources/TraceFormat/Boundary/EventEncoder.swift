import Synchronization

/// Writes the events of one thread into a chunk's memory.
///
/// Whenever it is interrupted, by a SIGKILL too, what stands in the memory is whole: a short record
/// is one store of eight bytes, of which those behind the record are zero; the first byte of a
/// longer one is stored last. The memory must be zero where nothing has been written.
@safe public struct EventEncoder {
  // SAFETY: `begin` gives memory of which `start ..< limit + margin` is the chunk's own, and it
  // stays until `end`. Nothing is stored where `cursor` is not below `limit`.
  @usableFromInline var cursor: UnsafeMutableRawPointer
  @usableFromInline var limit: UnsafeMutableRawPointer
  private var start: UnsafeMutableRawPointer
  @usableFromInline var path = CallPath<CallerMemory>(depth: -1, stack: 0)
  /// The time of the last record.
  public var time: UInt64 { now }
  @usableFromInline var now: UInt64 = 0
  /// Events since `begin`.
  public var events: Int { count }
  @usableFromInline var count = 0

  /// What the last exception has for a text, if that is its only one: a number that whoever writes
  /// knows a text by; 0 where it is not known. It is to be set after an exception that was written
  /// by `event`.
  public var exceptionText: UInt = 0

  /// Whether a record of what goes on names the function always, and never as the one that was
  /// suspended last: so records between the two can be taken back.
  public var resumesByNumber = false

  /// An encoder that has no room. It is freed by `free`.
  public init() {
    unsafe start = UnsafeMutableRawPointer(bitPattern: 8)!
    unsafe cursor = start
    unsafe limit = start
  }

  /// Takes memory to write to, which is all zero.
  ///
  /// - Parameters:
  ///   - memory: the chunk behind its header.
  ///   - time: what the chunk's header says.
  ///   - depth: the same.
  ///   - stack: the same.
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

  /// Lets go of the memory: there is no room any more.
  public mutating func end() {
    unsafe start = UnsafeMutableRawPointer(bitPattern: 8)!
    unsafe cursor = start
    unsafe limit = start
    count = 0
  }

  /// Frees what the encoder has of its own. It must not be used any more.
  public func free() { path.callers.free() }

  /// Bytes that were written since `begin`.
  public var used: Int { unsafe cursor - start }

  /// The depth of the innermost frame, to begin another chunk with; -1 where there is none.
  public var depth: Int32 { path.depth }
  /// The stack of frames that it is on: 0, or a number that a greenlet has.
  public var stack: UInt32 { path.stack }

  // Each of these returns false, and has written nothing, where there is no room: the caller begins
  // another chunk, and tries again.

  /// A new line is about to run.
  @inline(__always)
  public mutating func line(_ mark: EventHeader) -> Bool {
    encodeShortLine(mark) || encodeLongLine(mark)
  }

  /// The same of a line that has the short record; else false, and nothing is written.
  @inlinable @inline(__always)
  public mutating func encodeShortLine(_ mark: EventHeader) -> Bool {
    let step = mark.line &- path.line
    let biased = UInt32(bitPattern: step &+ RecordLayout.lineBias)
    let elapsed = mark.time &- now
    guard matchesPrediction(mark), elapsed < RecordLayout.shortTimes, unsafe cursor < limit else {
      return false
    }
    if biased < RecordLayout.lineSteps {
      store(1 | UInt64(biased) << 1, elapsed, at: 6, count: 2)
    } else {
      guard isShort(step) else { return false }
      store(RecordLayout.jump | bits(step) << 8, elapsed, at: 30, count: 5)
    }
    path.line = mark.line
    now = mark.time
    count &+= 1
    return true
  }

  /// An exception that has a short record, as it has the same text as the last one; else false, and
  /// nothing is written.
  ///
  /// - Parameters:
  ///   - mark: where and when.
  ///   - text: the number that `exceptionText` would have.
  @inlinable @inline(__always)
  public mutating func encodeShortException(_ mark: EventHeader, text: UInt) -> Bool {
    let step = mark.line &- path.line
    let elapsed = mark.time &- now
    guard text == exceptionText, text != 0, matchesPrediction(mark), isShort(step),
      elapsed < RecordLayout.shortTimes, unsafe cursor < limit
    else { return false }
    store(RecordLayout.exception | bits(step) << 8, elapsed, at: 30, count: 5)
    path.line = mark.line
    now = mark.time
    count &+= 1
    return true
  }

  /// A function is entered.
  ///
  /// - Parameters:
  ///   - mark: where and when.
  ///   - isUsual: whether the line is the one of the function's call events.
  @inline(__always)
  public mutating func call(_ mark: EventHeader, isUsual: Bool) -> Bool {
    isUsual && encodeShortCall(mark) || encodeLongCall(mark, isUsual: isUsual)
  }

  /// The same of a call that has the short record, at the line of the function's call events; else
  /// false, and nothing is written.
  @inlinable @inline(__always)
  public mutating func encodeShortCall(_ mark: EventHeader) -> Bool {
    let elapsed = mark.time &- now
    guard mark.depth == path.depth &+ 1, mark.stack == path.stack, mark.function < 1 << 12,
      elapsed < RecordLayout.shortTimes, path.callers.hasRoom, unsafe cursor < limit
    else { return false }
    store(2 | UInt64(mark.function) << 2, elapsed, at: 14, count: 3)
    enter(mark)
    now = mark.time
    count &+= 1
    return true
  }

  /// A suspended function goes on.
  ///
  /// - Parameters:
  ///   - mark: where and when.
  ///   - callLine: the line of the function's call events.
  @inline(__always)
  public mutating func resume(_ mark: EventHeader, callLine: Int32) -> Bool {
    guard let elapsed = emitTimeGap(mark, depth: path.depth &+ 1) else { return false }
    return encodeShortResume(mark, callLine: callLine) || other(.resume, mark, elapsed)
  }

  /// The same of a function that has a short record; else false, and nothing is written.
  @inlinable @inline(__always)
  public mutating func encodeShortResume(_ mark: EventHeader, callLine: Int32) -> Bool {
    let elapsed = mark.time &- now
    guard mark.depth == path.depth &+ 1, mark.stack == path.stack,
      elapsed < RecordLayout.shortTimes, path.callers.hasRoom, unsafe cursor < limit
    else { return false }
    if !resumesByNumber, path.lastSuspended() == (mark.function, mark.line) {
      store(4 | RecordLayout.resumesLast << 3, elapsed, at: 6, count: 2)
    } else {
      let offset = UInt32(bitPattern: mark.line &- callLine)
      guard offset < 1 << 10, mark.function < 1 << 12 else { return false }
      let record = RecordLayout.resume | UInt64(mark.function) << 8 | UInt64(offset) << 20
      store(record, elapsed, at: 30, count: 5)
    }
    enter(mark)
    now = mark.time
    count &+= 1
    return true
  }

  /// A function is left, or suspended: a kind of `EventKind.leaves`.
  ///
  /// - Parameters:
  ///   - kind: in which way.
  ///   - mark: where and when.
  ///   - callLine: the line of the function's call events.
  @inline(__always)
  public mutating func leave(_ kind: EventKind, _ mark: EventHeader, callLine: Int32) -> Bool {
    encodeShortLeave(kind, mark, callLine: callLine)
      || encodeLongLeave(kind, mark, callLine: callLine)
  }

  /// The same of a leave that has a short record; else false, and nothing is written.
  @inlinable @inline(__always)
  public mutating func encodeShortLeave(
    _ kind: EventKind, _ mark: EventHeader, callLine: Int32
  ) -> Bool {
    let elapsed = mark.time &- now
    guard matchesPrediction(mark), elapsed < RecordLayout.shortTimes, unsafe cursor < limit else {
      return false
    }
    let number = UInt64(kind.rawValue &- EventKind.return.rawValue)
    if mark.line == path.line {
      store(4 | number << 3, elapsed, at: 6, count: 2)
    } else {
      // Where lines are not recorded, the last line is that of the call.
      let offset = Int16(truncatingIfNeeded: mark.line &- callLine)
      guard Int32(offset) == mark.line &- callLine else { return false }
      store(8 | number << 4 | UInt64(UInt16(bitPattern: offset)) << 16, elapsed, at: 6, count: 4)
      path.line = mark.line
    }
    path.leave(kind)
    now = mark.time
    count &+= 1
    return true
  }

  /// The next event, which is of the given mark and enters a frame, is one of the outermost frame
  /// of a task.
  ///
  /// Where this returns true, there is room for the event too, unless it has texts.
  ///
  /// - Parameters:
  ///   - mark: the next event's.
  ///   - address: where the frame is, from its call to its end.
  ///   - begins: whether the frame is called, and does not go on.
  public mutating func task(_ mark: EventHeader, at address: UInt64, begins: Bool) -> Bool {
    guard room(RecordLayout.longest) else { return false }
    emitRelocation(mark, depth: path.depth &+ 1)
    let type = begins ? RecordLayout.taskBegins : RecordLayout.taskGoesOn
    unsafe cursor.storeBytes(of: type, toByteOffset: 1, as: UInt8.self)
    var position = 2
    put(address, at: &position)
    publish(RecordLayout.other, count: position)
    return true
  }

  /// The next event enters a frame from code that is not recorded, which the innermost frame has
  /// called.
  ///
  /// Nothing is written if there is no room: the event begins another chunk then.
  ///
  /// - Parameter goesOn: whether that code has been running since it made the call before.
  public mutating func enterIndirectly(goesOn: Bool) {
    guard room(RecordLayout.longest) else { return }
    let type = goesOn ? RecordLayout.indirectAgain : RecordLayout.indirect
    unsafe cursor.storeBytes(of: type, toByteOffset: 1, as: UInt8.self)
    publish(RecordLayout.other, count: 2)
  }

  /// Any event, with texts that are named by where they stand in the file, and a function written
  /// in C.
  public mutating func event(
    _ kind: EventKind, _ mark: EventHeader, cFunction: UInt32 = 0, texts: Span<UInt64>
  ) -> Bool {
    let depth = kind.enters ? path.depth &+ 1 : path.depth
    guard texts.count <= RecordLayout.mostTexts, room(texts.count * 10),
      let elapsed = emitTimeGap(mark, depth: depth)
    else { return false }
    if kind == .exception { exceptionText = 0 }
    return other(kind, mark, elapsed, cFunction: cFunction, texts: texts)
  }

  /// Stores a text, for events to name.
  ///
  /// - Returns: how many bytes behind the start of the memory it stands; nil where there is no
  ///   room.
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

  /// Bytes at a chunk's end in which no record begins.
  public static let margin = RecordLayout.margin

  /// Bytes that are zero behind the last record.
  public static let tail = 16

  /// The most that texts and their event may need.
  public static func roomNeeded(texts: Int, bytes: Int) -> Int {
    bytes + texts * 24 + RecordLayout.longest * 2
  }

  /// Whether that many bytes can be written.
  public func room(_ count: Int) -> Bool {
    unsafe cursor < limit && limit - cursor >= count
  }

  /// The path follows a call or a resume, where there is room for the caller.
  @inlinable @inline(__always)
  mutating func enter(_ mark: EventHeader) {
    path.callers.place(path.place)
    path.depth &+= 1
    path.function = mark.function
    path.line = mark.line
  }

  // MARK: - Slow paths

  /// Whether a step of the line has room in a record of kind 4.
  @inlinable @inline(__always)
  func isShort(_ step: Int32) -> Bool {
    step >= -RecordLayout.longestJump && step < RecordLayout.longestJump
  }

  /// The step as such a record has it.
  @inlinable @inline(__always)
  func bits(_ step: Int32) -> UInt64 { UInt64(UInt32(bitPattern: step) & 0x3F_FFFF) }

  @inlinable @inline(__always)
  func matchesPrediction(_ mark: EventHeader) -> Bool {
    mark.function == path.function && mark.depth == path.depth && mark.stack == path.stack
  }

  /// Writes the records that bring depth, stack and time in line with the event. Returns the time
  /// that has passed since, or nil if there is no room.
  @inline(never)
  private mutating func emitTimeGap(_ mark: EventHeader, depth: Int32) -> UInt64? {
    guard unsafe cursor < limit else { return nil }
    emitRelocation(mark, depth: depth)
    // Clocks do not go back; one that did would stand still here.
    let elapsed = mark.time > now ? mark.time - now : 0
    guard elapsed >= RecordLayout.timeLimit else { return elapsed }
    var position = 1
    put(elapsed >> RecordLayout.timeBits, at: &position)
    publish(RecordLayout.time, count: position)
    now &+= elapsed & ~(RecordLayout.timeLimit - 1)
    return elapsed & (RecordLayout.timeLimit - 1)
  }

  /// Writes a record of another depth and stack, unless the event has the predicted ones: `depth`
  /// is what its kind expects.
  private mutating func emitRelocation(_ mark: EventHeader, depth: Int32) {
    guard mark.depth != depth || mark.stack != path.stack else { return }
    let below = path.depth &+ (mark.depth &- depth)
    unsafe cursor.storeBytes(of: RecordLayout.place, toByteOffset: 1, as: UInt8.self)
    var position = 2
    put(zigzag: below, at: &position)
    put(UInt64(mark.stack), at: &position)
    publish(RecordLayout.other, count: position)
    path.move(to: below, stack: mark.stack)
  }

  @inline(never)
  private mutating func encodeLongLine(_ mark: EventHeader) -> Bool {
    guard let elapsed = emitTimeGap(mark, depth: path.depth) else { return false }
    return encodeShortLine(mark) || other(.line, mark, elapsed)
  }

  @inline(never)
  private mutating func encodeLongCall(_ mark: EventHeader, isUsual: Bool) -> Bool {
    guard let elapsed = emitTimeGap(mark, depth: path.depth &+ 1) else { return false }
    guard isUsual, mark.function < 1 << 24 else { return other(.call, mark, elapsed) }
    if encodeShortCall(mark) { return true }
    store(0x20 | UInt64(mark.function) << 6 | elapsed << 30, count: 5)
    path.enter(mark.function, line: mark.line)
    return passed(mark)
  }

  @inline(never)
  private mutating func encodeLongLeave(_ kind: EventKind, _ mark: EventHeader, callLine: Int32)
    -> Bool
  {
    guard let elapsed = emitTimeGap(mark, depth: path.depth) else { return false }
    return encodeShortLeave(kind, mark, callLine: callLine) || other(kind, mark, elapsed)
  }

  private mutating func passed(_ mark: EventHeader) -> Bool {
    now = max(now, mark.time)
    count &+= 1
    return true
  }

  private mutating func other(_ kind: EventKind, _ mark: EventHeader, _ elapsed: UInt64) -> Bool {
    other(kind, mark, elapsed, cFunction: 0, texts: Span())
  }

  private mutating func other(
    _ kind: EventKind, _ mark: EventHeader, _ elapsed: UInt64, cFunction: UInt32,
    texts: Span<UInt64>
  ) -> Bool {
    unsafe cursor.storeBytes(of: kind.rawValue, toByteOffset: 1, as: UInt8.self)
    var position = 2
    put(elapsed, at: &position)
    put(UInt64(mark.function), at: &position)
    put(zigzag: mark.line, at: &position)
    if kind.isCCall { put(UInt64(cFunction), at: &position) }
    put(UInt64(texts.count), at: &position)
    for index in texts.indices { put(texts[index], at: &position) }
    publish(RecordLayout.other, count: position)
    if kind.enters {
      path.enter(mark.function, line: mark.line)
    } else {
      path.jump(to: mark.function, line: mark.line)
      if kind.leaves { path.leave(kind) }
    }
    return passed(mark)
  }

  /// A whole record in one store, with the one before it that says of the longer part of the time,
  /// if it needs one.
  ///
  /// - Parameters:
  ///   - record: the record without its time.
  ///   - elapsed: less than `RecordLayout.shortTimes`.
  ///   - shift: where in the record its time begins.
  ///   - count: bytes of the record, five at most.
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

  /// A whole record in one store.
  @inlinable @inline(__always)
  mutating func store(_ word: UInt64, count: Int) {
    unsafe cursor.storeBytes(of: word.littleEndian, as: UInt64.self)
    unsafe cursor += count
  }

  /// Empties the memory behind the first bytes of the chunk's content. What is before them stays
  /// whole.
  mutating func clear(from used: Int) {
    exceptionText = 0
    unsafe (start + used).storeBytes(of: 0, as: UInt8.self)
    atomicMemoryFence(ordering: .releasing)
    unsafe (start + used).initializeMemory(
      as: UInt8.self, repeating: 0, count: cursor - start - used)
    unsafe cursor = start + used
  }

  /// Makes a longer record valid, whose other bytes have been stored.
  private mutating func publish(_ first: UInt8, count: Int) {
    atomicMemoryFence(ordering: .releasing)
    unsafe cursor.storeBytes(of: first, as: UInt8.self)
    unsafe cursor += count
  }

  /// Seven bits a byte, the low ones first; the highest bit says that more follow.
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

  /// A number that may be negative.
  private func put(zigzag number: Int32, at position: inout Int) {
    put(UInt64(UInt32(bitPattern: number << 1 ^ number >> 31)), at: &position)
  }
}
