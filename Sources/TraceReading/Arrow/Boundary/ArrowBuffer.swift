/// Memory of a column, aligned as Arrow recommends. Freed with its last reference, in any thread.
@safe final class ArrowBuffer {
  // SAFETY: `size` bytes, all initialized before anybody but the creator sees them, and not changed
  // after that.
  let start: UnsafeMutableRawPointer
  let size: Int

  /// Alignment of a buffer's address, in bytes; its size is a multiple of it too.
  static let alignment = 64

  /// Allocates memory that is zero from `first` on. The caller fills the part before.
  private init(_ size: Int, zeroFrom first: Int) {
    self.size = max(1, (size + Self.alignment - 1) / Self.alignment) * Self.alignment
    unsafe start = .allocate(byteCount: self.size, alignment: Self.alignment)
    unsafe (start + first).initializeMemory(as: UInt8.self, repeating: 0, count: self.size - first)
  }

  deinit { unsafe start.deallocate() }

  /// Allocates `size` zero bytes.
  convenience init(zeros size: Int) { self.init(size, zeroFrom: 0) }

  /// Allocates memory for numbers, which the caller fills.
  static func uninitialized<Number: BitwiseCopyable>(_ type: Number.Type, count: Int) -> ArrowBuffer
  {
    let size = count * MemoryLayout<Number>.stride
    return ArrowBuffer(size, zeroFrom: size)
  }

  /// Copies numbers.
  convenience init<Number: BitwiseCopyable>(_ numbers: [Number]) {
    let size = numbers.count * MemoryLayout<Number>.stride
    self.init(size, zeroFrom: size)
    unsafe numbers.withUnsafeBytes { bytes in
      // SAFETY: the buffer has room for as many bytes as the array has.
      unsafe UnsafeMutableRawBufferPointer(start: start, count: size).copyMemory(from: bytes)
    }
  }

  /// Creates a number for each row: those given, and zero for all other rows.
  convenience init(at rows: [Int32], _ numbers: [Int32], count: Int) {
    self.init(zeros: count * 4)
    let values = unsafe start.bindMemory(to: Int32.self, capacity: count)
    for (index, row) in rows.enumerated() {
      precondition(row >= 0 && row < count)
      // SAFETY: the row is below `count`, for which there are numbers.
      unsafe values[Int(row)] = numbers[index]
    }
  }

  /// Creates a bit for each row, set in the given rows.
  convenience init(bitsAt rows: [Int32], count: Int) {
    self.init(zeros: (count + 7) / 8)
    for row in rows {
      precondition(row >= 0 && row < count)
      // SAFETY: the row is below `count`, for which there are bits.
      unsafe (start + Int(row / 8)).assumingMemoryBound(to: UInt8.self).pointee |= 1 << (row & 7)
    }
  }

  /// Creates a bit for each row, clear in the given rows.
  convenience init(clearBitsAt rows: [Int32], count: Int) {
    let size = (count + 7) / 8
    self.init(size, zeroFrom: size)
    unsafe start.initializeMemory(as: UInt8.self, repeating: 0xFF, count: size)
    for row in rows {
      precondition(row >= 0 && row < count)
      // SAFETY: the row is below `count`, for which there are bits.
      unsafe (start + Int(row / 8)).assumingMemoryBound(to: UInt8.self).pointee &= ~(1 << (row & 7))
    }
  }

  /// Creates the offset at which the values of each row begin, and the end of the last. The values
  /// of the given rows end at `ends`; other rows have none.
  ///
  /// - Parameter rows: numbers of the rows, ascending.
  convenience init(offsetsAt rows: [Int32], _ ends: [Int32], count: Int) {
    let size = (count + 1) * 4
    self.init(size, zeroFrom: size)
    // SAFETY: `count` + 1 numbers have room; `row` never exceeds `count`.
    let offsets = unsafe start.bindMemory(to: Int32.self, capacity: count + 1)
    var (row, end) = (0, Int32(0))
    for (index, next) in rows.enumerated() {
      precondition(Int(next) >= row && Int(next) < count)
      while row <= Int(next) {
        unsafe offsets[row] = end
        row += 1
      }
      end = ends[index]
    }
    while row <= count {
      unsafe offsets[row] = end
      row += 1
    }
  }
}
