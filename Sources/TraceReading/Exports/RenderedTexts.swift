/// Cache of rendered texts of functions, by file and number.
///
/// All texts share one array, so that copying a text counts no references.
struct RenderedTexts {
  private var bytes: [UInt8] = []
  /// Ranges of the texts in `bytes`, by file and number; empty if there is no text yet.
  private var places: [[Place]] = []

  private struct Place {
    var start = 0
    var end = 0
  }

  /// Writes the text of a number. Returns false if there is none yet.
  @inline(__always)
  func write(_ number: UInt32, of file: Int, to output: ExportOutput) -> Bool {
    guard file < places.count, Int(number) < places[file].count else { return false }
    let place = places[file][Int(number)]
    guard place.end > 0 else { return false }
    output.append(bytes, place.start..<place.end)
    return true
  }

  /// Stores the text of a number.
  mutating func add(_ text: [UInt8], for number: UInt32, of file: Int) {
    // The memory is bounded; if the limit is exceeded, all texts are rendered again.
    if bytes.count > ReadingLimits.mostRendered { (bytes, places) = ([], []) }
    while places.count <= file { places.append([]) }
    let missing = Int(number) + 1 - places[file].count
    if missing > 0 { places[file] += repeatElement(Place(), count: missing) }
    places[file][Int(number)] = Place(start: bytes.count, end: bytes.count + text.count)
    bytes += text
  }
}
