import CTraceHook
import Glibc

/// The memory of a recording's writers, which the kernel wipes in the child of any fork.
///
/// A child that is forked by C code, or by the system call alone, runs no handler.
/// In it a writer is all zero: its encoder has no room, so the first event leaves the fast path
/// and finds the mark gone.
@safe struct WriterPool: ~Copyable {
  // SAFETY: each block has `slots` writers; `free` has those that no thread uses. Blocks stay until
  // `deinit`.
  private var blocks: [UnsafeMutableRawPointer] = unsafe []
  private var free: [UnsafeMutablePointer<ThreadWriter>] = unsafe []
  // SAFETY: a page of its own, mapped until `deinit`.
  private let mark: UnsafeMutableRawPointer?

  private static let blockLength = 1 << 16
  private static let markLength = 1 << 12

  init() {
    unsafe mark = CTraceHook_mapWiped(Self.markLength)
    setMark()
  }

  deinit {
    for index in unsafe blocks.indices { unsafe munmap(blocks[index], Self.blockLength) }
    if let mark = unsafe mark { unsafe munmap(mark, Self.markLength) }
  }

  /// Whether the process is a child that was forked since `setMark`.
  var isWiped: Bool {
    @inline(__always) get {
      guard let mark = unsafe mark else { return false }
      return unsafe mark.load(as: UInt64.self) == 0
    }
  }

  /// Notes that the process is known.
  func setMark() { unsafe mark?.storeBytes(of: 1, as: UInt64.self) }

  /// Memory for a writer, which is not initialized; `nil` if there is none.
  mutating func allocate() -> UnsafeMutablePointer<ThreadWriter>? {
    if unsafe free.isEmpty, !addBlock() { return nil }
    return unsafe free.removeLast()
  }

  /// Takes back memory whose writer is deinitialized.
  mutating func deallocate(_ writer: UnsafeMutablePointer<ThreadWriter>) {
    unsafe free.append(writer)
  }

  private mutating func addBlock() -> Bool {
    guard let block = unsafe CTraceHook_mapWiped(Self.blockLength) else { return false }
    unsafe blocks.append(block)
    let size = unsafe MemoryLayout<ThreadWriter>.stride
    let count = Self.blockLength / size
    unsafe free.reserveCapacity(blocks.count * count)
    let memory = unsafe block.bindMemory(to: ThreadWriter.self, capacity: count)
    for index in stride(from: count - 1, through: 0, by: -1) {
      let slot = unsafe memory + index
      unsafe free.append(slot)
    }
    return true
  }
}
