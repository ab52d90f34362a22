import CArrow

/// Owner of an exported column's memory, and of the structures of its children and dictionary.
///
/// A consumer may move a child out of its table and release the table first, or release columns in
/// any order and thread. So each column owns all that it needs.
@safe private final class ExportedArray {
  // SAFETY: created here, freed in `deinit`, which runs when nobody reads the structure any more.
  let buffers: [ArrowBuffer?]
  let addresses: UnsafeMutablePointer<UnsafeRawPointer?>
  let below: UnsafeMutablePointer<ArrowArray>
  let pointers: UnsafeMutablePointer<UnsafeMutablePointer<ArrowArray>?>
  let count: Int

  init(_ column: ArrowColumn) {
    let columns = column.children + column.dictionary
    buffers = column.buffers
    count = columns.count
    unsafe addresses = .allocate(capacity: max(1, buffers.count))
    for (index, buffer) in buffers.enumerated() {
      unsafe (addresses + index).initialize(to: buffer.map { unsafe UnsafeRawPointer($0.start) })
    }
    unsafe below = .allocate(capacity: max(1, count))
    unsafe pointers = .allocate(capacity: max(1, count))
    for (index, column) in columns.enumerated() {
      unsafe (below + index).initialize(to: ArrowArray(exporting: column))
      unsafe (pointers + index).initialize(to: below + index)
    }
  }

  deinit {
    for index in 0..<count {
      // The consumer marks structures that it moved as released.
      if let release = unsafe below[index].release { unsafe release(below + index) }
    }
    unsafe addresses.deallocate()
    unsafe below.deallocate()
    unsafe pointers.deallocate()
  }
}

extension ArrowArray {
  /// Exports a column's values. The receiver owns the structure and must release it.
  init(exporting column: ArrowColumn) {
    let owner = ExportedArray(column)
    let children = column.children.count
    unsafe self.init(
      length: Int64(column.count), null_count: Int64(column.nullCount), offset: 0,
      n_buffers: Int64(column.buffers.count), n_children: Int64(children),
      buffers: owner.addresses, children: children > 0 ? owner.pointers : nil,
      dictionary: column.dictionary.isEmpty ? nil : owner.below + children,
      release: { array in
        // SAFETY: the consumer releases a structure only once, and this initializer created it.
        guard let owner = unsafe array.pointee.private_data else { return }
        unsafe array.pointee.release = nil
        unsafe array.pointee.private_data = nil
        unsafe Unmanaged<ExportedArray>.fromOpaque(owner).release()
      }, private_data: Unmanaged.passRetained(owner).toOpaque())
  }
}
