/// Collects a column of texts, of which most may be missing.
struct TextColumn {
  /// Where texts are, and where the bytes of each end.
  private var rows: [Int32] = []
  private var ends: [Int32] = []
  private(set) var bytes: [UInt8] = []

  var isEmpty: Bool { rows.isEmpty }

  /// - Parameter row: greater than that of the text before.
  mutating func append(_ text: [UInt8], at row: Int) {
    bytes += text
    rows.append(Int32(row))
    ends.append(Int32(bytes.count))
  }

  /// The column, of so many rows. The next one begins.
  ///
  /// - Parameter zeros: stands in for what is all zero: at least four bytes for each row, and four.
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

/// Collects a column of lists of texts, of which most may be missing.
struct TextListColumn {
  private var rows: [Int32] = []
  private var ends: [Int32] = []
  private var items = TextColumn()
  private var itemCount = 0

  /// Bytes of all texts.
  var size: Int { items.bytes.count }

  /// - Parameter row: greater than that of the list before.
  mutating func append(_ texts: [[UInt8]], at row: Int) {
    for text in texts {
      items.append(text, at: itemCount)
      itemCount += 1
    }
    rows.append(Int32(row))
    ends.append(Int32(itemCount))
  }

  /// The column, of so many rows. The next one begins.
  ///
  /// - Parameter zeros: as of texts.
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
