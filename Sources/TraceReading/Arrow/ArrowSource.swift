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
    case .functions: OneBatch(Self.functions.field) { FunctionTable.rows(of: reader) }
    case .threads: OneBatch(Self.threads.field) { ThreadTable.rows(of: reader) }
    }
  }
}

/// A small table, whose rows are one batch.
final class OneBatch: ArrowSource {
  let field: ArrowField
  private var rows: (() -> ArrowColumn)?

  init(_ field: ArrowField, _ rows: @escaping () -> ArrowColumn) {
    self.field = field
    self.rows = rows
  }

  func nextBatch() -> ArrowColumn? {
    defer { rows = nil }
    return rows?()
  }
}
