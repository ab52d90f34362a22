import CArrow

/// Owner of an exported type's strings, and of the structures of its children and dictionary.
@safe private final class ExportedSchema {
  // SAFETY: created here, freed in `deinit`, which runs when nobody reads the structure any more.
  let format: UnsafeMutablePointer<CChar>
  let name: UnsafeMutablePointer<CChar>
  let below: UnsafeMutablePointer<ArrowSchema>
  let pointers: UnsafeMutablePointer<UnsafeMutablePointer<ArrowSchema>?>
  let count: Int

  init(_ field: ArrowField) {
    let fields = field.children + field.dictionary
    count = fields.count
    unsafe format = copy(field.format)
    unsafe name = copy(field.name)
    unsafe below = .allocate(capacity: max(1, count))
    unsafe pointers = .allocate(capacity: max(1, count))
    for (index, field) in fields.enumerated() {
      unsafe (below + index).initialize(to: ArrowSchema(exporting: field))
      unsafe (pointers + index).initialize(to: below + index)
    }
  }

  deinit {
    for index in 0..<count {
      // The consumer marks structures that it moved as released.
      if let release = unsafe below[index].release { unsafe release(below + index) }
    }
    unsafe format.deallocate()
    unsafe name.deallocate()
    unsafe below.deallocate()
    unsafe pointers.deallocate()
  }
}

extension ArrowSchema {
  /// Exports a column's type. The receiver owns the structure and must release it.
  public init(exporting field: ArrowField) {
    let owner = ExportedSchema(field)
    let children = field.children.count
    unsafe self.init(
      format: owner.format, name: owner.name, metadata: nil,
      flags: field.isNullable ? Int64(ARROW_FLAG_NULLABLE) : 0, n_children: Int64(children),
      children: children > 0 ? owner.pointers : nil,
      dictionary: field.dictionary.isEmpty ? nil : owner.below + children,
      release: { schema in
        // SAFETY: the consumer releases a structure only once, and this initializer created it.
        guard let owner = unsafe schema.pointee.private_data else { return }
        unsafe schema.pointee.release = nil
        unsafe schema.pointee.private_data = nil
        unsafe Unmanaged<ExportedSchema>.fromOpaque(owner).release()
      }, private_data: Unmanaged.passRetained(owner).toOpaque())
  }
}

/// Returns a NUL-terminated copy. The caller must deallocate it.
func copy(_ text: String) -> UnsafeMutablePointer<CChar> {
  let bytes = Array(text.utf8)
  let result = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
  for (index, byte) in bytes.enumerated() {
    unsafe (result + index).initialize(to: CChar(truncatingIfNeeded: byte))
  }
  unsafe (result + bytes.count).initialize(to: 0)
  return unsafe result
}
