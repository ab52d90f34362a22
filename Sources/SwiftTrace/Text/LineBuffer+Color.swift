/// The colored parts of a tree.
package enum TreeColor {
  /// A function's name.
  case name
  /// An exception that leaves a frame.
  case failure
  /// Durations, and the positions of lines.
  case aside
}

extension LineBuffer {
  /// Begins a colored part.
  @inline(__always)
  package mutating func begin(_ color: TreeColor, _ isColored: Bool) {
    guard isColored else { return }
    switch color {
    case .name: append("\u{1B}[36m")
    case .failure: append("\u{1B}[31m")
    case .aside: append("\u{1B}[2m")
    }
  }

  /// Ends a colored part.
  @inline(__always)
  package mutating func end(_ isColored: Bool) {
    if isColored { append("\u{1B}[0m") }
  }
}
