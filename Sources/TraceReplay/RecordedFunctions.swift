import SwiftTrace
import TraceFormat
import TraceReading

/// The functions of a recording, in the form that strategies receive.
final class RecordedFunctions {
  private var functions: [[RecordedFunction?]] = []
  private let filter: CodeFilter
  /// Approximate memory of the functions, in bytes.
  private var size = 0
  private static let mostKept = 1 << 25

  /// - Parameter filter: selects the functions to show.
  init(filter: CodeFilter) { self.filter = filter }

  /// Returns a function, created on the first request; `nil` if the recording does not define it.
  func function(_ number: UInt32, of file: TraceFile, index: Int) -> RecordedFunction? {
    let place = Int(number)
    if index < functions.count, place < functions[index].count,
      let known = functions[index][place]
    {
      return known
    }
    guard let definition = file.function(number) else { return nil }
    if size > Self.mostKept { (functions, size) = ([], 0) }
    while functions.count <= index { functions.append([]) }
    while functions[index].count <= place { functions[index].append(nil) }
    let source = file.source(of: definition)
    let isShown = filter.accepts(
      file: String(decoding: source, as: UTF8.self),
      qualifiedName: String(decoding: definition.qualifiedName, as: UTF8.self))
    let function = RecordedFunction(definition, file: source, isShown: isShown)
    size += 512 + source.count + definition.name.count + definition.qualifiedName.count
    size += definition.parameters.reduce(0) { $0 + 64 + $1.count }
    functions[index][place] = function
    return function
  }
}
