/// A reference to a value at a fixed address. Whoever made it keeps the value alive.
///
/// Access needs no exclusivity check at run time and counts no references: the GIL keeps callers
/// apart.
@safe struct Pinned<Value: ~Copyable> {
  // SAFETY: an initialized value, from `init` to `destroy`.
  private let pointer: UnsafeMutablePointer<Value>

  /// Refers to a value that is at an address already.
  @unsafe @inline(__always)
  init(at pointer: UnsafeMutablePointer<Value>) { unsafe self.pointer = pointer }

  /// Moves a value to memory of its own, which `destroy` frees.
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

  /// Ends the value's life, and frees its memory.
  func destroy() {
    unsafe pointer.deinitialize(count: 1)
    unsafe pointer.deallocate()
  }

  /// Puts a value in the place of one that must not be deinitialized.
  func overwrite(with value: consuming Value) { unsafe pointer.initialize(to: value) }

  /// Ends the value's life, and leaves its memory.
  func deinitialize() { unsafe pointer.deinitialize(count: 1) }
}

/// A block of memory of a fixed length, to be freed by `free`.
///
/// Its owner keeps the length, and uses no index beyond it: that is checked in debug builds only,
/// because indices are used on the path of an event.
@safe struct FixedBuffer<Element> {
  // SAFETY: all elements are initialized; trivial ones, or `Element`s that live until `free`.
  private let base: UnsafeMutablePointer<Element>
  private let count: Int

  /// Allocates a block, with an element in all places.
  init(repeating element: Element, count: Int) {
    unsafe base = .allocate(capacity: count)
    unsafe base.initialize(repeating: element, count: count)
    self.count = count
  }

  /// Allocates a block with elements.
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

  /// Copies the first elements of another block.
  func update(from other: FixedBuffer, count: Int) {
    unsafe base.update(from: other.base, count: count)
  }

  /// Frees the memory. Elements that are objects have been taken out before.
  func free() { unsafe base.deallocate() }
}

/// A reference that is not counted. Whoever made it keeps the object.
@safe struct Unretained<Object: AnyObject> {
  // SAFETY: as above.
  private let reference: Unmanaged<Object>

  init(_ object: Object) { unsafe reference = .passUnretained(object) }

  /// The object that C names.
  @unsafe @inline(__always)
  init(at pointer: UnsafeRawPointer) { unsafe reference = .fromOpaque(pointer) }

  @inline(__always)
  func with<Result>(_ body: (Object) throws -> Result) rethrows -> Result {
    try unsafe reference._withUnsafeGuaranteedRef(body)
  }
}

extension Hasher {
  /// Adds bytes.
  mutating func combine(bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBytes { unsafe combine(bytes: $0) }
  }
}
