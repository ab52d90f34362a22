/// A table whose rows are produced in batches.
///
/// Any thread may use a source, but only one at a time. It does not use Python, and needs no GIL.
public protocol ArrowSource: AnyObject {
  /// The table's type: its columns.
  var field: ArrowField { get }

  /// Returns the next rows, or nil at the end.
  ///
  /// - Throws: `ReadingError`, with file and offset, if the rest of the recording cannot be read.
  func nextBatch() throws(ReadingError) -> ArrowColumn?
}

/// A table of a recording. The raw values are the names in Python.
public enum ArrowTable: String, Sendable, CaseIterable {
  /// One row for each event.
  case events
  /// One row for each function.
  case functions
  /// One row for each thread.
  case threads

  /// The table's type: its columns.
  public var field: ArrowField {
    switch self {
    case .events: EventTable.field
    case .functions: FunctionTable.field
    case .threads: ThreadTable.field
    }
  }

  /// Returns a source of the table's rows.
  ///
  /// - Parameter reader: the recording; from now on, only the source uses it.
  public func rows(of reader: TraceReader) -> any ArrowSource {
    switch self {
    case .events: EventTable(reader)
    case .functions: SmallTable(Self.functions.field) { FunctionTable.batches(of: reader) }
    case .threads: SmallTable(Self.threads.field) { [{ ThreadTable.rows(of: reader) }] }
    }
  }
}

/// A table of few rows, whose batches are created on request.
final class SmallTable: ArrowSource {
  let field: ArrowField
  private let batches: () -> [() -> ArrowColumn]
  private var rest: ArraySlice<() -> ArrowColumn>?

  init(_ field: ArrowField, _ batches: @escaping () -> [() -> ArrowColumn]) {
    self.field = field
    self.batches = batches
  }

  func nextBatch() -> ArrowColumn? {
    if rest == nil { rest = batches()[...] }
    return rest?.popFirst()?()
  }
}
