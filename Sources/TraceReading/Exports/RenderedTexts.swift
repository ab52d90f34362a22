/// Texts that are made once, and then copied again and again: of functions, by file and number.
///
/// They stand one behind the other in one array, so that no reference is counted to copy one.
struct RenderedTexts {
  private var bytes: [UInt8] = []
  /// Where they stand, by file and number. Empty where there is none yet.
  private var places: [[Place]] = []

  private struct Place {
    var start = 0
    var end = 0
  }

  /// Writes the text of a number. False where there is none yet.
  @inline(__always)
  func write(_ number: UInt32, of file: Int, to output: ExportOutput) -> Bool {
    guard file < places.count, Int(number) < places[file].count else { return false }
    let place = places[file][Int(number)]
    guard place.end > 0 else { return false }
    output.append(bytes, place.start..<place.end)
    return true
  }

  /// Keeps the text of a number.
  mutating func add(_ text: [UInt8], for number: UInt32, of file: Int) {
    // Bounded: long ones are made again and again.
    if bytes.count > ReadingLimits.mostRendered { (bytes, places) = ([], []) }
    while places.count <= file { places.append([]) }
    let missing = Int(number) + 1 - places[file].count
    if missing > 0 { places[file] += repeatElement(Place(), count: missing) }
    places[file][Int(number)] = Place(start: bytes.count, end: bytes.count + text.count)
    bytes += text
  }
}
