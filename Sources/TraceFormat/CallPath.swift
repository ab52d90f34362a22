/// The call path: function and line of a chunk's last event, and of its callers.
///
/// Encoder and decoder maintain the same state, so a record stores only what differs from the
/// prediction. Each chunk begins with an empty path, so it can be read alone.
@usableFromInline
struct CallPath<Callers: CallerList> {
  @usableFromInline var callers: Callers

  /// Function of the last event; 0 if unknown.
  @usableFromInline var function: UInt32 = 0
  /// Line of the last event of `function`.
  @usableFromInline var line: Int32 = 0
  /// Depth of the innermost traced frame; -1 if there is none.
  @usableFromInline var depth: Int32
  @usableFromInline var stack: UInt32

  /// Number of calls of `move`.
  var moves = 0

  /// The callee that each caller last saw suspended, as a `place`, indexed by the low six bits of
  /// the caller's number.
  @usableFromInline var suspended = InlineArray<64, UInt64>(repeating: 0)

  init(depth: Int32, stack: UInt32) {
    callers = Callers()
    self.depth = depth
    self.stack = stack
  }

  /// Resets the path at the start of a chunk.
  mutating func restart(depth: Int32, stack: UInt32) {
    callers.forget()
    function = 0
    line = 0
    self.depth = depth
    self.stack = stack
    suspended = InlineArray(repeating: 0)
  }

  /// Enters a function.
  @inlinable @inline(__always)
  mutating func enter(_ function: UInt32, line: Int32) {
    callers.push(place)
    depth &+= 1
    self.function = function
    self.line = line
  }

  /// Leaves the function. `kind` is one that `leaves`.
  @inlinable @inline(__always)
  mutating func leave(_ kind: EventKind) {
    let left = place
    depth &-= 1
    let caller = callers.pop()
    function = UInt32(truncatingIfNeeded: caller >> 32)
    line = Int32(truncatingIfNeeded: caller)
    if kind.suspends { suspended[Int(function & 63)] = left }
  }

  /// Function (high 32 bits) and line as one number; 0 if unknown.
  @inlinable @inline(__always)
  var place: UInt64 { UInt64(function) << 32 | UInt64(UInt32(bitPattern: line)) }

  /// The callee that the current function last saw suspended, and the line at which it was
  /// suspended. The function is 0 if unknown. Mutating, because a nonmutating method would read a
  /// copy of the path.
  @inlinable @inline(__always)
  mutating func lastSuspended() -> (function: UInt32, line: Int32) {
    let known = suspended[Int(function & 63)]
    return (UInt32(truncatingIfNeeded: known >> 32), Int32(truncatingIfNeeded: known))
  }

  /// Sets function and line for an event in a function other than the predicted one.
  mutating func jump(to function: UInt32, line: Int32) {
    self.function = function
    self.line = line
  }

  /// Sets depth and stack for an event that is not at the predicted depth or stack.
  mutating func move(to depth: Int32, stack: UInt32) {
    self.depth = depth
    self.stack = stack
    callers.forget()
    function = 0
    moves &+= 1
  }
}

extension CallPath: Sendable where Callers: Sendable {}

/// The callers of a function, the innermost last, each as a `CallPath.place`.
///
/// A list never has more than `mostCallers` callers: a push to a full list empties it first.
@usableFromInline
protocol CallerList {
  /// Creates an empty list.
  init()
  mutating func push(_ caller: UInt64)
  /// Removes and returns the innermost caller; 0 if the list is empty.
  mutating func pop() -> UInt64
  mutating func forget()
}

/// Deeper than most programs call, and small enough that a damaged file costs little memory.
@usableFromInline let mostCallers = 1 << 16

extension Array: CallerList where Element == UInt64 {
  @usableFromInline @inline(__always)
  mutating func push(_ caller: UInt64) {
    if count == mostCallers { forget() }
    append(caller)
  }

  @usableFromInline @inline(__always)
  mutating func pop() -> UInt64 { popLast() ?? 0 }

  @usableFromInline
  mutating func forget() { removeAll(keepingCapacity: true) }
}
