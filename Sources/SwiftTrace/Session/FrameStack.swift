import TraceFormat

/// The traced frames that are running on one stack, innermost last.
struct FrameStack {
  /// A traced frame that is running, or a placeholder.
  struct Entry {
    /// The frame's address; odd for a placeholder.
    let frame: UInt
    /// The function that the frame runs; `nil` for a placeholder.
    let function: Pinned<FunctionRecord>?
    let enteredAt: UInt64
    /// The class of the last exception that was raised in the frame or propagated into it. Keeping
    /// a class alive for longer is invisible to the program; keeping the exception would not be.
    fileprivate var exception = ClassReference()

    /// The class of that exception; `nil` if there was none.
    @inline(__always)
    var raised: ObjectAddress? { exception.type }

    /// Whether the entry must be released after it is popped.
    @inline(__always)
    var isOwner: Bool { exception.isOwner }

    /// Releases the class that a popped entry owns.
    @inline(__always)
    func release() { exception.release() }
  }

  private(set) var depth = 0
  /// Array of `capacity + 1` entries; the first is a sentinel without a frame.
  private var entries: FixedBuffer<Entry>
  private var capacity = 64

  /// Number of the stack in its thread, from 0.
  let number: UInt32

  /// The sentinel. Its address is that of no frame, and not the NULL of a thread that runs none, so
  /// that the hook can compare it like any other.
  private static var none: Entry { Entry(frame: 2, function: nil, enteredAt: 0) }

  init(number: UInt32 = 0) {
    self.number = number
    entries = FixedBuffer(repeating: Self.none, count: 65)
  }

  func destroy() {
    for index in 0...depth { entries[index].release() }
    entries.free()
  }

  /// The innermost frame; the sentinel if there is none.
  @inline(__always)
  var innermost: Entry { entries[depth] }

  /// Whether the next push must allocate.
  @inline(__always)
  var isFull: Bool { depth == capacity }

  /// Stores the class of an exception for the innermost frame.
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

  /// Pushes a placeholder for a suspended frame through which an exception was thrown into the
  /// frame above. Frames have even addresses; the placeholder's is odd. It counts for the depth
  /// until the frame above is left.
  mutating func pushPlaceholder(_ frame: ObjectAddress) { push(frame.bits + 1, nil, at: 0) }

  @inline(__always)
  private var hasPlaceholder: Bool { entries[depth].frame & 1 != 0 }

  /// Removes the placeholders, after the frame above them has been left. By then, the interpreter
  /// has removed their frames from its stack.
  @inline(__always)
  mutating func popPlaceholders() {
    while hasPlaceholder { depth -= 1 }
  }

  /// Like `popPlaceholders`, but if `frame` is the frame of the innermost placeholder, it is
  /// pushed: it resumes without a call event.
  mutating func popPlaceholders(
    resuming frame: ObjectAddress, _ function: Pinned<FunctionRecord>?, at time: UInt64
  ) {
    guard entries[depth].frame == frame.bits + 1 else { return popPlaceholders() }
    depth -= 1
    push(frame.bits, function, at: time)
  }

  /// Whether the frame is the innermost on this stack.
  @inline(__always)
  func isLast(_ frame: ObjectAddress) -> Bool { entries[depth].frame == frame.bits }

  /// Makes a frame of this stack the innermost, after missed events: removes the frames above it.
  /// Returns false if the frame is not on the stack, for example because it started before tracing.
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

  /// Removes the innermost frame. The caller releases the entry.
  @inline(__always)
  mutating func pop() -> Entry {
    depth -= 1
    return entries[depth + 1]
  }

  /// Doubles the capacity. Returns false if memory has run out; the session then ends after the
  /// event.
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
