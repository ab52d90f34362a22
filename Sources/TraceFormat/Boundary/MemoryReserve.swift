import Glibc

/// Memory that is reserved for the moment when the system has no more.
///
/// Swift ends the process if an allocation fails. Therefore code that allocates, which is rare,
/// first calls `ensure`. If that finds no memory, it frees the reserve: the current event is
/// completed with it, and then the trace ends. See docs/decisions/0015.
public enum MemoryReserve {
  // SAFETY: used only with the GIL held.
  nonisolated(unsafe) private static var first: UnsafeMutableRawPointer?
  nonisolated(unsafe) private static var last: UnsafeMutableRawPointer?
  nonisolated(unsafe) private static var isUsed = false

  /// Sizes in bytes. The reserve takes only addresses, because no bytes are stored in it.
  private static let firstSize = 4 << 20
  private static let lastSize = 1 << 20

  /// Number of bytes that suffice for most one-time work: a function's record, its definition, a
  /// thread's state.
  public static let usual = 1 << 16

  /// Whether the reserve has been freed. The trace is about to end then.
  @inline(__always)
  public static var isShort: Bool { unsafe isUsed }

  /// Allocates the reserve. Returns false if there is no memory for it.
  public static func prepare() -> Bool {
    unsafe isUsed = false
    if unsafe first == nil { unsafe first = malloc(firstSize) }
    if unsafe last == nil { unsafe last = malloc(lastSize) }
    return unsafe first != nil && last != nil
  }

  /// Frees the reserve if `size` bytes cannot be allocated.
  public static func ensure(_ size: Int = usual) {
    if !canAllocate(size) { use() }
  }

  /// Whether `size` bytes can be allocated now.
  @inline(never) @_optimize(none)
  public static func canAllocate(_ size: Int) -> Bool {
    // An optimizing compiler would remove an allocation that is freed immediately.
    guard let memory = unsafe malloc(size) else { return false }
    unsafe free(memory)
    return true
  }

  /// Frees the reserve, because an allocation failed.
  public static func use() {
    unsafe isUsed = true
    unsafe free(first)
    unsafe first = nil
    unsafe onUse()
  }

  /// Called when the reserve is freed, which can be at any allocation.
  nonisolated(unsafe) public static var onUse: @convention(c) () -> Void = {}

  /// Frees the second part of the reserve, for the work at the end of the trace.
  public static func useLast() {
    guard isShort else { return }
    unsafe free(last)
    unsafe last = nil
  }
}
