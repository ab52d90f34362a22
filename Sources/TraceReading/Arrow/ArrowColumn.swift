/// Values of a column, or of a table, in Arrow's memory layout.
public struct ArrowColumn {
  /// Number of values, including missing ones.
  public let count: Int
  /// Number of missing values.
  public let nullCount: Int
  /// The buffers of the column's type. The first is the validity bitmap; nil if no values are
  /// missing.
  let buffers: [ArrowBuffer?]
  let children: [ArrowColumn]
  /// The column to which indices refer, as the only element; empty if the column has no indices.
  let dictionary: [ArrowColumn]

  init(
    count: Int, nullCount: Int = 0, buffers: [ArrowBuffer?], children: [ArrowColumn] = [],
    dictionary: [ArrowColumn] = []
  ) {
    self.count = count
    self.nullCount = nullCount
    self.buffers = buffers
    self.children = children
    self.dictionary = dictionary
  }

  /// Creates a column of numbers without missing values.
  init<Number: BitwiseCopyable>(_ numbers: [Number]) {
    self.init(count: numbers.count, buffers: [nil, ArrowBuffer(numbers)])
  }

  /// Creates a column of numbers, with nil for each missing value.
  init<Number: BitwiseCopyable & ExpressibleByIntegerLiteral>(_ numbers: [Number?]) {
    let rows = numbers.indices.filter { numbers[$0] != nil }
    let missing = numbers.count - rows.count
    self.init(
      count: numbers.count, nullCount: missing,
      buffers: [
        missing > 0 ? ArrowBuffer(bitsAt: rows.map { Int32($0) }, count: numbers.count) : nil,
        ArrowBuffer(numbers.map { $0 ?? 0 }),
      ])
  }

  /// Creates a column of texts without missing values.
  init(texts: some Collection<[UInt8]>) {
    var column = TextColumn()
    for (row, text) in texts.enumerated() { column.append(text, at: row) }
    self = column.finish(texts.count)
  }

  /// Creates a table.
  ///
  /// - Parameter rows: number of values in each column.
  init(rows: Int, columns: [ArrowColumn]) {
    self.init(count: rows, buffers: [nil], children: columns)
  }
}
