/// The address of a class, as a number, whose lowest bit says that it is static: one that lives as
/// long as the process, and that nobody needs to own.
struct ClassReference {
  private var bits: UInt = 0

  /// No class.
  init() {}

  /// A class that is static.
  @inline(__always)
  init(static type: ObjectAddress) { bits = type.bits | 1 }

  /// Any class, which `release` gives back.
  init(retaining type: ObjectAddress) {
    let isStatic = type.isStatic
    if !isStatic { type.retain() }
    bits = type.bits | (isStatic ? 1 : 0)
  }

  /// Whether it is to be released.
  @inline(__always)
  var isOwner: Bool { bits != 0 && bits & 1 == 0 }

  /// The class.
  @inline(__always)
  var type: ObjectAddress? { ObjectAddress(bits: bits & ~1) }

  @inline(__always)
  func release() {
    if isOwner, let type { type.release() }
  }
}
