import TraceFormat

/// The traced frames that are running on one stack, the innermost last.
struct FrameStack {
  /// A traced frame that is running.
  struct Entry {
    /// The frame's address; odd for a placeholder.
    let frame: UInt
    /// The function that it runs; `nil` for a placeholder.
    let function: Pinned<FunctionRecord>?
    let enteredAt: UInt64
    /// The class of the last exception raised in the frame or arrived in it. A class that lives a
    /// little longer changes nothing that a program can see; an exception would.
    fileprivate var exception = ClassReference()

    /// That class.
    @inline(__always)
    var raised: ObjectAddress? { exception.type }

    /// Whether the entry, when it has been popped, is to be released.
    @inline(__always)
    var isOwner: Bool { exception.isOwner }

    /// Releases what an entry owns that was popped.
    @inline(__always)
    func release() { exception.release() }
  }

  private(set) var depth = 0
  /// `capacity + 1` entries, of which the first stands for no frame.
  private var entries: FixedBuffer<Entry>
  private var capacity = 64

  /// Distinguishes the stacks of a thread: 0 for its first.
  let number: UInt32

  /// An address that no frame has, nor the NULL of a thread in which none runs: the hook compares
  /// it unseen.
  private static var none: Entry { Entry(frame: 2, function: nil, enteredAt: 0) }

  init(number: UInt32 = 0) {
    self.number = number
    entries = FixedBuffer(repeating: Self.none, count: 65)
  }

  func destroy() {
    for index in 0...depth { entries[index].release() }
    entries.free()
  }

  /// The innermost frame, or one that stands for no frame.
  @inline(__always)
  var innermost: Entry { entries[depth] }

  /// Whether another frame needs more memory.
  @inline(__always)
  var isFull: Bool { depth == capacity }

  /// Remembers the class of an exception for the innermost frame.
  mutating func raise(_ type: ObjectAddress) {
    let raised = ClassReference(retaining: type)
    entries[depth].release()
    entries[depth].exception = raised
  }

  /// Like `raise(_:)`, but the class is static, and the caller has checked that the innermost entry
  /// owns none.
  @inline(__always)
  mutating func raise(static type: ObjectAddress) {
    entries[depth].exception = ClassReference(static: type)
  }

  @inline(__always)
  mutating func push(_ frame: UInt, _ function: Pinned<FunctionRecord>?, at time: UInt64) {
    if isFull, !grow() { return }
    pushUnchecked(frame, function, at: time)
  }

  /// Like `push`, but the caller has checked that the stack is not full.
  @inline(__always)
  mutating func pushUnchecked(_ frame: UInt, _ function: Pinned<FunctionRecord>?, at time: UInt64) {
    depth &+= 1
    entries[depth] = Entry(frame: frame, function: function, enteredAt: time)
  }

  /// Pushes a placeholder for a frame that an exception was thrown through, into the frame above.
  /// Frames have even addresses; the placeholder's is odd. It counts for the depth until the frame
  /// above is left.
  mutating func pushPlaceholder(_ frame: ObjectAddress) { push(frame.bits + 1, nil, at: 0) }

  @inline(__always)
  private var hasPlaceholder: Bool { entries[depth].frame & 1 != 0 }

  /// Drops the placeholders: the frame above has been left, and with it the interpreter has taken
  /// their frames off its stack.
  @inline(__always)
  mutating func popPlaceholders() {
    while hasPlaceholder { depth -= 1 }
  }

  /// Like `popPlaceholders`, but a frame that is the innermost placeholder's resumes without a call
  /// event.
  mutating func popPlaceholders(
    resuming frame: ObjectAddress, _ function: Pinned<FunctionRecord>?, at time: UInt64
  ) {
    guard entries[depth].frame == frame.bits + 1 else { return popPlaceholders() }
    depth -= 1
    push(frame.bits, function, at: time)
  }

  /// Whether the frame is the last one that had a call event, and has not been left.
  @inline(__always)
  func isLast(_ frame: ObjectAddress) -> Bool { entries[depth].frame == frame.bits }

  /// Makes a frame of this stack the innermost, after missed events: drops the frames above it.
  /// Returns false if the frame is not on the stack, as those that ran before tracing started.
  mutating func resync(to frame: ObjectAddress) -> Bool {
    var place = depth
    while place > 0, entries[place].frame != frame.bits { place -= 1 }
    if place == 0 { return false }
    while depth > place {
      entries[depth].release()
      depth -= 1
    }
    return true
  }

  /// Takes the innermost frame off. The caller releases the entry.
  @inline(__always)
  mutating func pop() -> Entry {
    depth -= 1
    return entries[depth + 1]
  }

  /// Returns false if there is no memory: the session ends after the event.
  @inline(never)
  private mutating func grow() -> Bool {
    let count = capacity * 2 + 1
    guard MemoryReserve.canAllocate(count * MemoryLayout<Entry>.stride) else {
      MemoryReserve.use()
      return false
    }
    let larger = FixedBuffer(repeating: Self.none, count: count)
    larger.update(from: entries, count: depth + 1)
    entries.free()
    entries = larger
    capacity *= 2
    return true
  }
}
