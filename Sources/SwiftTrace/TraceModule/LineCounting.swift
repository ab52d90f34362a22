/// Keeps the counts of a LineCounter where both it and the handlers of its session reach them.
@safe final class LineCounting {
  // SAFETY: one value, from `init` to `deinit`. It stands outside the object so that counting needs no
  // exclusivity check at run time; the GIL keeps callers apart.
  let counts: UnsafeMutablePointer<LineCounts>

  init(ignoring ignore: StandardIgnore) {
    unsafe counts = .allocate(capacity: 1)
    unsafe counts.initialize(to: LineCounts(ignoring: ignore))
  }

  deinit {
    unsafe counts.pointee.destroy()
    unsafe counts.deinitialize(count: 1)
    unsafe counts.deallocate()
  }

  @inline(__always)
  func count(_ event: borrowing LineEvent) { unsafe counts.pointee.count(event) }

  var results: [(file: String, lines: [(line: Int32, count: UInt64)])] {
    unsafe counts.pointee.results
  }
}
