/// A reference to a value at a fixed address. The creator keeps the value alive.
///
/// Access needs no exclusivity check at run time and counts no references: the GIL serializes
/// callers.
@safe struct Pinned<Value: ~Copyable> {
  // SAFETY: points to an initialized value, from `init` to `destroy`.
  private let pointer: UnsafeMutablePointer<Value>

  /// Refers to a value that has a fixed address already.
  @unsafe @inline(__always)
  init(at pointer: UnsafeMutablePointer<Value>) { unsafe self.pointer = pointer }

  /// Moves a value to newly allocated memory, which `destroy` frees.
  init(_ value: consuming Value) {
    unsafe pointer = .allocate(capacity: 1)
    unsafe pointer.initialize(to: value)
  }

  /// The value.
  @inline(__always)
  var value: Value {
    unsafeAddress { unsafe UnsafePointer(pointer) }
    nonmutating unsafeMutableAddress { unsafe pointer }
  }

  /// The address, for C.
  @unsafe @inline(__always)
  var address: UnsafeMutablePointer<Value> { unsafe pointer }

  /// Deinitializes the value, and frees its memory.
  func destroy() {
    unsafe pointer.deinitialize(count: 1)
    unsafe pointer.deallocate()
  }

  /// Initializes the memory with a value. The earlier value must not need deinitialization.
  func overwrite(with value: consuming Value) { unsafe pointer.initialize(to: value) }

  /// Deinitializes the value, but keeps its memory.
  func deinitialize() { unsafe pointer.deinitialize(count: 1) }
}

/// A block of memory of a fixed length. `free` frees it.
///
/// The owner keeps the length, and uses no index beyond it. Only debug builds check indices,
/// because they are used on the path of an event.
@safe struct FixedBuffer<Element> {
  // SAFETY: all elements are initialized. They are trivial, or live until `free`.
  private let base: UnsafeMutablePointer<Element>
  private let count: Int

  /// Allocates a block with copies of one element.
  init(repeating element: Element, count: Int) {
    unsafe base = .allocate(capacity: count)
    unsafe base.initialize(repeating: element, count: count)
    self.count = count
  }

  /// Allocates a block with the given elements.
  init(_ elements: [Element]) {
    unsafe base = .allocate(capacity: elements.count)
    for (index, element) in elements.enumerated() {
      unsafe (base + index).initialize(to: element)
    }
    count = elements.count
  }

  @inline(__always)
  subscript(index: Int) -> Element {
    unsafeAddress {
      assert(index >= 0 && index < count)
      return unsafe UnsafePointer(base + index)
    }
    nonmutating unsafeMutableAddress {
      assert(index >= 0 && index < count)
      return unsafe base + index
    }
  }

  /// Copies the first elements of another block over those of this one.
  func update(from other: FixedBuffer, count: Int) {
    unsafe base.update(from: other.base, count: count)
  }

  /// Frees the memory. The caller has removed elements that own objects.
  func free() { unsafe base.deallocate() }
}

/// A reference that is not counted. The creator keeps the object alive.
@safe struct Unretained<Object: AnyObject> {
  // SAFETY: see above.
  private let reference: Unmanaged<Object>

  init(_ object: Object) { unsafe reference = .passUnretained(object) }

  /// The object at an address that C has passed.
  @unsafe @inline(__always)
  init(at pointer: UnsafeRawPointer) { unsafe reference = .fromOpaque(pointer) }

  @inline(__always)
  func with<Result>(_ body: (Object) throws -> Result) rethrows -> Result {
    try unsafe reference._withUnsafeGuaranteedRef(body)
  }
}

extension Hasher {
  /// Combines the hash with bytes.
  mutating func combine(bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBytes { unsafe combine(bytes: $0) }
  }
}
