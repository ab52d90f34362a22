/// Owner of a LineCounter's counts, shared by the counter and the handlers of its session.
final class LineCounting {
  /// Stored outside the object, so that counting needs no exclusivity check at run time.
  let counts: Pinned<LineCounts>

  init(ignoring ignore: StandardIgnore) { counts = Pinned(LineCounts(ignoring: ignore)) }

  deinit {
    counts.value.destroy()
    counts.destroy()
  }

  @inline(__always)
  func count(_ event: borrowing LineEvent) { counts.value.count(event) }

  var results: [(file: String, lines: [(line: Int32, count: UInt64)])] {
    counts.value.results
  }
}
