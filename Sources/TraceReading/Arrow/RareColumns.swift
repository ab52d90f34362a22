import TraceFormat

/// The columns of the events table in which most rows have no value.
struct RareColumns {
  private var cFunctionRows: [Int32] = []
  private var cFunctionPlaces: [Int32] = []
  private var exceptions = TextColumn()
  private var values = TextColumn()
  private var messages = TextColumn()
  private var arguments = TextListColumn()
  /// Used for columns without any value, whose buffers contain only zeros.
  private let zeros: ArrowBuffer

  init(zeros: ArrowBuffer) { self.zeros = zeros }

  /// Bytes of all texts.
  var size: Int {
    exceptions.bytes.count + values.bytes.count + messages.bytes.count + arguments.size
  }

  mutating func append(cFunction place: Int32, at row: Int) {
    cFunctionRows.append(Int32(row))
    cFunctionPlaces.append(place)
  }

  /// Adds the strings of an event; there must be at least one.
  mutating func append(_ texts: [[UInt8]], of kind: EventKind, at row: Int) {
    switch kind {
    case .call, .resume: arguments.append(texts, at: row)
    case .unwind: exceptions.append(texts[0], at: row)
    case .exception:
      exceptions.append(texts[0], at: row)
      if texts.count > 1 { messages.append(texts[1], at: row) }
    default: values.append(texts[0], at: row)
    }
  }

  /// Returns the columns, in the table's order, and starts new ones.
  mutating func finish(_ count: Int, _ builtins: ArrowColumn) -> [ArrowColumn] {
    defer {
      cFunctionRows.removeAll(keepingCapacity: true)
      cFunctionPlaces.removeAll(keepingCapacity: true)
    }
    var functions = [zeros, zeros]
    if !cFunctionRows.isEmpty {
      functions = [
        ArrowBuffer(bitsAt: cFunctionRows, count: count),
        ArrowBuffer(at: cFunctionRows, cFunctionPlaces, count: count),
      ]
    }
    return [
      ArrowColumn(
        count: count, nullCount: count - cFunctionRows.count, buffers: functions,
        dictionary: [builtins]),
      exceptions.finish(count, zeros: zeros), values.finish(count, zeros: zeros),
      messages.finish(count, zeros: zeros), arguments.finish(count, zeros: zeros),
    ]
  }
}
