import TraceFormat
import TraceReading

/// The functions of a recording, as the strategies know functions.
@safe final class RecordedFunctions {
  // SAFETY: records of this object's own, which live as long as it.
  private var records: [[UnsafeMutablePointer<FunctionRecord>?]] = unsafe []
  private let filter: CodeFilter
  /// Bytes that the records take, about.
  private var size = 0
  private static let mostKept = 1 << 25

  /// - Parameter filter: which are shown.
  init(filter: CodeFilter) { self.filter = filter }

  deinit { forget() }

  private func forget() {
    for index in unsafe records.indices {
      for place in unsafe records[index].indices {
        if let record = unsafe records[index][place] { unsafe FunctionRecord.destroy(record) }
      }
    }
    unsafe records = []
    size = 0
  }

  /// The record of a function, made at its first use. It is valid until the next call.
  func record(_ number: UInt32, of file: TraceFile, index: Int) -> UnsafeMutablePointer<
    FunctionRecord
  >? {
    let place = Int(number)
    if unsafe index < records.count, unsafe place < records[index].count,
      let known = unsafe records[index][place]
    {
      return unsafe known
    }
    guard let definition = file.function(number) else { return nil }
    if size > Self.mostKept { forget() }
    while unsafe records.count <= index { unsafe records.append([]) }
    while unsafe records[index].count <= place { unsafe records[index].append(nil) }
    let source = file.source(of: definition)
    let record = unsafe FunctionRecord.make(definition, file: source)
    size += 512 + source.count + definition.name.count + definition.qualifiedName.count
    size += definition.parameters.reduce(0) { $0 + 64 + $1.count }
    unsafe record.pointee.head.is_traced = filter.accepts(
      file: String(decoding: source, as: UTF8.self),
      qualifiedName: String(decoding: definition.qualifiedName, as: UTF8.self))
    unsafe records[index][place] = unsafe record
    return unsafe record
  }
}
