/// A table whose rows come in batches.
///
/// A source is used by one thread at a time, and by any. It knows nothing of Python, and needs no
/// GIL.
public protocol ArrowSource: AnyObject {
  /// The columns.
  var field: ArrowField { get }

  /// The next rows; nil at the end.
  ///
  /// - Throws: `ReadingError` where the recording cannot be read on. It names file and offset.
  func nextBatch() throws(ReadingError) -> ArrowColumn?
}

/// A table of a recording, by the name that Python knows it by.
public enum ArrowTable: String, Sendable, CaseIterable {
  /// A row for each event.
  case events
  /// A row for each function.
  case functions
  /// A row for each thread.
  case threads

  /// The columns.
  public var field: ArrowField {
    switch self {
    case .events: EventTable.field
    case .functions: FunctionTable.field
    case .threads: ThreadTable.field
    }
  }

  /// The rows.
  ///
  /// - Parameter reader: is the table's alone from now on.
  public func rows(of reader: TraceReader) -> any ArrowSource {
    switch self {
    case .events: EventTable(reader)
    case .functions: SmallTable(Self.functions.field) { FunctionTable.batches(of: reader) }
    case .threads: SmallTable(Self.threads.field) { [{ ThreadTable.rows(of: reader) }] }
    }
  }
}

/// A table of few rows, in batches that are made on request.
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
