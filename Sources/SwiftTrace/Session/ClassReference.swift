/// Address of a class, with the lowest bit set if the class is static. A static class lives as long
/// as the process, so it needs no owner.
struct ClassReference {
  private var bits: UInt = 0

  /// No class.
  init() {}

  /// References a static class.
  @inline(__always)
  init(static type: ObjectAddress) { bits = type.bits | 1 }

  /// References any class. The caller ends the reference with `release`.
  init(retaining type: ObjectAddress) {
    let isStatic = type.isStatic
    if !isStatic { type.retain() }
    bits = type.bits | (isStatic ? 1 : 0)
  }

  /// Whether the reference is to be released.
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
