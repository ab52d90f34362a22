/// Builds a column of texts, most of which may be missing.
struct TextColumn {
  /// Rows that have texts, and the end of each text in `bytes`.
  private var rows: [Int32] = []
  private var ends: [Int32] = []
  private(set) var bytes: [UInt8] = []

  var isEmpty: Bool { rows.isEmpty }

  /// Adds a text.
  ///
  /// - Parameter row: row of the text; greater than that of the previous text.
  mutating func append(_ text: [UInt8], at row: Int) {
    bytes += text
    rows.append(Int32(row))
    ends.append(Int32(bytes.count))
  }

  /// Returns the column with `count` rows, and starts a new one.
  ///
  /// - Parameter zeros: buffer for a column without texts; at least four zero bytes for each row,
  ///   and four more.
  mutating func finish(_ count: Int, zeros: ArrowBuffer? = nil) -> ArrowColumn {
    defer { self = TextColumn() }
    if isEmpty, let zeros, count > 0 {
      return ArrowColumn(count: count, nullCount: count, buffers: [zeros, zeros, zeros])
    }
    let missing = count - rows.count
    return ArrowColumn(
      count: count, nullCount: missing,
      buffers: [
        missing > 0 ? ArrowBuffer(bitsAt: rows, count: count) : nil,
        ArrowBuffer(offsetsAt: rows, ends, count: count), ArrowBuffer(bytes),
      ])
  }
}

/// Builds a column of lists of texts, most of which may be missing.
struct TextListColumn {
  private var rows: [Int32] = []
  private var ends: [Int32] = []
  private var items = TextColumn()
  private var itemCount = 0

  /// Bytes of all texts.
  var size: Int { items.bytes.count }

  /// Adds a list of texts.
  ///
  /// - Parameter row: row of the list; greater than that of the previous list.
  mutating func append(_ texts: [[UInt8]], at row: Int) {
    for text in texts {
      items.append(text, at: itemCount)
      itemCount += 1
    }
    rows.append(Int32(row))
    ends.append(Int32(itemCount))
  }

  /// Returns the column with `count` rows, and starts a new one.
  ///
  /// - Parameter zeros: buffer for a column without lists; at least four zero bytes for each row,
  ///   and four more.
  mutating func finish(_ count: Int, zeros: ArrowBuffer? = nil) -> ArrowColumn {
    defer { self = TextListColumn() }
    let children = [items.finish(itemCount)]
    if rows.isEmpty, let zeros, count > 0 {
      return ArrowColumn(
        count: count, nullCount: count, buffers: [zeros, zeros], children: children)
    }
    let missing = count - rows.count
    return ArrowColumn(
      count: count, nullCount: missing,
      buffers: [
        missing > 0 ? ArrowBuffer(bitsAt: rows, count: count) : nil,
        ArrowBuffer(offsetsAt: rows, ends, count: count),
      ], children: children)
  }
}
