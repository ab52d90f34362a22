import Glibc

/// Memory that is set aside for the moment when the system gives no more.
///
/// Swift ends the process if it cannot allocate. So whoever is about to allocate on behalf of a
/// program, which is seldom, calls `ensure` first. If there is no memory, that frees the reserve:
/// what is under way comes to its end, and whoever handles events ends the trace then. See
/// docs/decisions/0015.
public enum MemoryReserve {
  // SAFETY: used with the GIL held.
  nonisolated(unsafe) private static var first: UnsafeMutableRawPointer?
  nonisolated(unsafe) private static var last: UnsafeMutableRawPointer?
  nonisolated(unsafe) private static var isUsed = false

  /// Only addresses are taken: nothing is stored to the reserve.
  private static let firstSize = 4 << 20
  private static let lastSize = 1 << 20

  /// Bytes that most things need that happen once: a function's record, its definition, a thread's
  /// state.
  public static let usual = 1 << 16

  /// Whether the reserve is in use: the trace is to end.
  @inline(__always)
  public static var isShort: Bool { unsafe isUsed }

  /// Sets the reserve aside. False if there is no memory for it.
  public static func prepare() -> Bool {
    unsafe isUsed = false
    if unsafe first == nil { unsafe first = malloc(firstSize) }
    if unsafe last == nil { unsafe last = malloc(lastSize) }
    return unsafe first != nil && last != nil
  }

  /// Frees the reserve if so much memory cannot be had.
  public static func ensure(_ size: Int = usual) {
    if !canAllocate(size) { use() }
  }

  /// Whether so much memory can be had at this moment.
  @inline(never) @_optimize(none)
  public static func canAllocate(_ size: Int) -> Bool {
    // A compiler that optimizes leaves out what is freed at once.
    guard let memory = unsafe malloc(size) else { return false }
    unsafe free(memory)
    return true
  }

  /// Frees the reserve: something cannot be allocated.
  public static func use() {
    unsafe isUsed = true
    unsafe free(first)
    unsafe first = nil
    unsafe onUse()
  }

  /// Called when the reserve is freed, in the middle of anything.
  nonisolated(unsafe) public static var onUse: @convention(c) () -> Void = {}

  /// Frees the last part of the reserve, for what happens at a trace's end.
  public static func useLast() {
    guard isShort else { return }
    unsafe free(last)
    unsafe last = nil
  }
}
