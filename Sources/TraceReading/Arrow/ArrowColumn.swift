/// The values of a column, or of a table: memory in Arrow's layout.
public struct ArrowColumn {
  /// How many values, the missing ones included.
  public let count: Int
  /// How many are missing.
  public let nullCount: Int
  /// The first says by a bit which values are there; nil where all are.
  let buffers: [ArrowBuffer?]
  let children: [ArrowColumn]
  /// What indices name: one column; else none.
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

  /// Numbers, all of which are there.
  init<Number: BitwiseCopyable>(_ numbers: [Number]) {
    self.init(count: numbers.count, buffers: [nil, ArrowBuffer(numbers)])
  }

  /// Numbers of which some are missing.
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

  /// Texts, all of which are there.
  init(texts: some Collection<[UInt8]>) {
    var column = TextColumn()
    for (row, text) in texts.enumerated() { column.append(text, at: row) }
    self = column.finish(texts.count)
  }

  /// A table.
  ///
  /// - Parameter rows: how many values each column has.
  init(rows: Int, columns: [ArrowColumn]) {
    self.init(count: rows, buffers: [nil], children: columns)
  }
}
