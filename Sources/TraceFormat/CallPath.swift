/// Where the events of a chunk are: the function and line of the last one, and of its callers.
///
/// The encoder and the decoder keep it in the same way, so that a record says only what it does not
/// predict. It begins empty in every chunk: each can be read alone.
@usableFromInline
struct CallPath<Callers: CallerList> {
  @usableFromInline var callers: Callers

  /// The function of the last event; 0 where it is not known.
  @usableFromInline var function: UInt32 = 0
  /// The line of the last event in it.
  @usableFromInline var line: Int32 = 0
  /// The depth of the innermost traced frame; -1 where there is none.
  @usableFromInline var depth: Int32
  @usableFromInline var stack: UInt32

  /// How often `move` was called.
  var moves = 0

  /// What a function, as a caller, saw suspended last: by the low bits of the caller's number.
  @usableFromInline var suspended = InlineArray<64, UInt64>(repeating: 0)

  init(depth: Int32, stack: UInt32) {
    callers = Callers()
    self.depth = depth
    self.stack = stack
  }

  /// Another chunk begins.
  mutating func restart(depth: Int32, stack: UInt32) {
    callers.forget()
    function = 0
    line = 0
    self.depth = depth
    self.stack = stack
    suspended = InlineArray(repeating: 0)
  }

  /// A function is entered.
  @inlinable @inline(__always)
  mutating func enter(_ function: UInt32, line: Int32) {
    callers.push(place)
    depth &+= 1
    self.function = function
    self.line = line
  }

  /// The function is left, in one of the kinds of leaving.
  @inlinable @inline(__always)
  mutating func leave(_ kind: EventKind) {
    let left = place
    depth &-= 1
    let caller = callers.pop()
    function = UInt32(truncatingIfNeeded: caller >> 32)
    line = Int32(truncatingIfNeeded: caller)
    if kind == .yield || kind == .await { suspended[Int(function & 63)] = left }
  }

  /// The function and the line as one number, which is 0 where nothing is known.
  @inlinable @inline(__always)
  var place: UInt64 { UInt64(function) << 32 | UInt64(UInt32(bitPattern: line)) }

  /// What the present function saw suspended last, and the line at which it was; the function is 0 where
  /// nothing is known. Mutating, because a copy of the path would be read else.
  @inlinable @inline(__always)
  mutating func lastSuspended() -> (function: UInt32, line: Int32) {
    let known = suspended[Int(function & 63)]
    return (UInt32(truncatingIfNeeded: known >> 32), Int32(truncatingIfNeeded: known))
  }

  /// The next event is in a function other than the predicted one.
  mutating func jump(to function: UInt32, line: Int32) {
    self.function = function
    self.line = line
  }

  /// The next event is at another depth than was predicted, or on another stack.
  mutating func move(to depth: Int32, stack: UInt32) {
    self.depth = depth
    self.stack = stack
    callers.forget()
    function = 0
    moves &+= 1
  }
}

extension CallPath: Sendable where Callers: Sendable {}

/// The callers of a function, the innermost last, each as `CallPath.place` has it.
///
/// There are never more than `mostCallers`: one more, and those before it are forgotten.
@usableFromInline
protocol CallerList {
  /// None.
  init()
  mutating func push(_ caller: UInt64)
  /// Takes the innermost off; 0 where none is known.
  mutating func pop() -> UInt64
  mutating func forget()
}

/// So deep that few programs reach it; so few that no damaged file costs much memory.
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
