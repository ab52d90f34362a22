/// The encoder's list of callers. If it has room, which the encoder checks first, pushing a caller
/// calls no function.
@usableFromInline
@safe struct CallerMemory: CallerList {
  // SAFETY: `memory` has `room + 1` numbers, of which `count + 1` are initialized. The first is 0,
  // for no caller. The encoder that owns the list frees it with `free`.
  @usableFromInline var memory: UnsafeMutablePointer<UInt64>
  @usableFromInline var count = 0
  @usableFromInline var room = 63

  @usableFromInline init() {
    unsafe memory = .allocate(capacity: room + 1)
    unsafe memory.initialize(to: 0)
  }

  func free() { unsafe memory.deallocate() }

  /// Whether a caller can be pushed without allocating.
  @inlinable @inline(__always)
  var hasRoom: Bool { count < room }

  @usableFromInline
  mutating func push(_ caller: UInt64) {
    if !hasRoom { grow() }
    place(caller)
  }

  /// Like `push`, but the list must have room.
  @inlinable @inline(__always)
  mutating func place(_ caller: UInt64) {
    count &+= 1
    unsafe (memory + count).initialize(to: caller)
  }

  @inlinable @inline(__always)
  mutating func pop() -> UInt64 {
    let caller = unsafe memory[count]
    if count > 0 { count &-= 1 }
    return caller
  }

  @usableFromInline
  mutating func forget() { count = 0 }

  private mutating func grow() {
    if count == mostCallers { return forget() }
    let larger = min(room * 2 + 1, mostCallers)
    MemoryReserve.ensure((larger + 1) * 8)
    let moved = UnsafeMutablePointer<UInt64>.allocate(capacity: larger + 1)
    unsafe moved.moveInitialize(from: memory, count: count + 1)
    unsafe memory.deallocate()
    unsafe memory = moved
    room = larger
  }
}
