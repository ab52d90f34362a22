import CPlatform
import Glibc

/// The memory of a recording's writers, which the kernel sets to zero in the child of any fork.
///
/// A child that is forked by C code, or by the system call alone, runs no handler. In that child a
/// writer is all zero: its encoder has no space, so the first event takes the slow path, which
/// finds the mark gone.
@safe struct WriterPool: ~Copyable {
  // SAFETY: blocks and mark stay mapped until `deinit`; `unused` has the slots of blocks that no
  // thread uses.
  private var blocks: [UnsafeMutableRawPointer] = unsafe []
  private var unused: [Pinned<ThreadWriter>] = []
  private let mark: UnsafeMutableRawPointer?

  private static let blockLength = 1 << 16
  private static let markLength = 1 << 12

  init() {
    unsafe mark = CPlatform_mapWiped(Self.markLength)
    setMark()
  }

  deinit {
    for index in unsafe blocks.indices { unsafe munmap(blocks[index], Self.blockLength) }
    if let mark = unsafe mark { unsafe munmap(mark, Self.markLength) }
  }

  /// Whether the process is a child that was forked after `setMark`.
  var isWiped: Bool {
    @inline(__always) get {
      guard let mark = unsafe mark else { return false }
      return unsafe mark.load(as: UInt64.self) == 0
    }
  }

  /// Sets the mark in this process.
  func setMark() { unsafe mark?.storeBytes(of: 1, as: UInt64.self) }

  /// Stores a writer in the pool, or in a separate allocation if the pool cannot grow.
  mutating func add(_ writer: ThreadWriter) -> Pinned<ThreadWriter> {
    guard !unused.isEmpty || addBlock() else { return Pinned(writer) }
    let slot = unused.removeLast()
    slot.overwrite(with: writer)
    return slot
  }

  /// Frees what a writer owns, and makes its slot available.
  mutating func remove(_ writer: Pinned<ThreadWriter>) {
    ThreadWriter.deinitialize(writer)
    unused.append(writer)
  }

  private mutating func addBlock() -> Bool {
    guard let block = unsafe CPlatform_mapWiped(Self.blockLength) else { return false }
    unsafe blocks.append(block)
    let count = Self.blockLength / MemoryLayout<ThreadWriter>.stride
    unused.reserveCapacity(unsafe blocks.count * count)
    let memory = unsafe block.bindMemory(to: ThreadWriter.self, capacity: count)
    for index in stride(from: count - 1, through: 0, by: -1) {
      unused.append(unsafe Pinned(at: memory + index))
    }
    return true
  }
}
