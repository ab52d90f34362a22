import SwiftTrace

extension PythonValue {
  /// Copies a Python object. The GIL is held.
  init(copying value: borrowing Value) {
    var path: [UInt] = []
    self = Self.copy(value, within: &path)
  }

  /// - Parameter path: addresses of the containers around the value, outermost first.
  private static func copy(_ value: borrowing Value, within path: inout [UInt]) -> PythonValue {
    switch value.kind {
    case .none: return .none
    case .true: return .bool(true)
    case .false: return .bool(false)
    case .int:
      if let number = value.int64 { return .int(Int(number)) }
      if let digits = value.copyDigits() { return .bigInt(digits) }
      return .other(text(of: value))
    case .float: return .float(value.double)
    case .complex: return .complex(real: value.complex.real, imaginary: value.complex.imaginary)
    case .string: return .string(value.string)
    case .bytes, .byteArray: return .bytes(value.copyBytes())
    case .list, .tuple, .dict, .set, .frozenSet:
      guard path.count < maximumDepth, !path.contains(value.address) else {
        return .other(text(of: value))
      }
      path.append(value.address)
      defer { path.removeLast() }
      return copy(container: value, within: &path)
    default: return .other(text(of: value))
    }
  }

  private static func copy(
    container value: borrowing Value, within path: inout [UInt]
  ) -> PythonValue {
    switch value.kind {
    case .list, .tuple:
      var items: [PythonValue] = []
      items.reserveCapacity(value.count)
      for index in 0..<value.count {
        switch value.item(index) {
        case .none: items.append(.other("<NULL>"))
        case .some(let item): items.append(copy(item, within: &path))
        }
      }
      return value.kind == .list ? .list(items) : .tuple(items)
    case .dict:
      var entries: [Entry] = []
      entries.reserveCapacity(value.count)
      value.forEachEntry { key, content in
        let key = copy(key, within: &path)
        switch content {
        case .none: break
        case .some(let content):
          entries.append(Entry(key: key, value: copy(content, within: &path)))
        }
        return true
      }
      return .dict(entries)
    default:
      var items: [PythonValue] = []
      value.forEachEntry { item, _ in
        items.append(copy(item, within: &path))
        return true
      }
      return .set(items)
    }
  }

  /// The text that loggers show for the object.
  private static func text(of value: borrowing Value) -> String {
    var line = LineBuffer(capacity: 64)
    line.append(value, as: .repr)
    return line.string
  }
}
