/// Where the events of a chunk are: the function and line of the last one, and of its callers.
///
/// The encoder and the decoder keep it in the same way, so that a record says only what it does not
/// foretell. It begins empty in every chunk: each can be read alone. Callers beyond the 64 innermost
/// are forgotten; the records that come back to one say its number.
@usableFromInline
struct CallPath: Sendable {
  @usableFromInline var callers = InlineArray<64, UInt64>(repeating: 0)
  @usableFromInline var top = 0
  @usableFromInline var known = 0

  /// The function of the last event; 0 where it is not known.
  @usableFromInline var function: UInt32 = 0
  /// The line of the last event in it.
  @usableFromInline var line: Int32 = 0
  /// The depth of the innermost traced frame; -1 where there is none.
  @usableFromInline var depth: Int32
  @usableFromInline var stack: UInt32

  /// What a function, as a caller, saw suspended last: by the low bits of the caller's number.
  @usableFromInline var suspended = InlineArray<64, UInt64>(repeating: 0)

  init(depth: Int32, stack: UInt32) {
    self.depth = depth
    self.stack = stack
  }

  /// A function is entered.
  @inlinable @inline(__always)
  mutating func enter(_ function: UInt32, line: Int32) {
    callers[top & 63] = UInt64(self.function) << 32 | UInt64(UInt32(bitPattern: self.line))
    top &+= 1
    known = min(known &+ 1, 64)
    depth &+= 1
    self.function = function
    self.line = line
  }

  @inlinable @inline(__always)
  mutating func leave() {
    depth &-= 1
    guard known > 0 else {
      function = 0
      return
    }
    known &-= 1
    top &-= 1
    let caller = callers[top & 63]
    function = UInt32(truncatingIfNeeded: caller >> 32)
    line = Int32(truncatingIfNeeded: caller)
  }

  /// The function is left, in one of the kinds of leaving.
  @inlinable @inline(__always)
  mutating func leave(_ kind: EventKind) {
    let left = UInt64(function) << 32 | UInt64(UInt32(bitPattern: line))
    leave()
    if kind == .yield || kind == .await { suspended[Int(function & 63)] = left }
  }

  /// What the present function saw suspended last, and the line at which it was; the function is 0 where
  /// nothing is known.
  @inlinable @inline(__always)
  var lastSuspended: (function: UInt32, line: Int32) {
    let known = suspended[Int(function & 63)]
    return (UInt32(truncatingIfNeeded: known >> 32), Int32(truncatingIfNeeded: known))
  }

  /// The next event is in a function that was not foretold.
  mutating func jump(to function: UInt32, line: Int32) {
    self.function = function
    self.line = line
  }

  /// The next event is at another depth than was foretold, or on another stack.
  mutating func move(to depth: Int32, stack: UInt32) {
    self.depth = depth
    self.stack = stack
    known = 0
    function = 0
  }
}
