import SwiftTrace

/// Calls of one function that followed each other and did the same.
struct CallGroup {
  let function: UInt32
  /// What happened in one of them: see `CondensedStack.Frame.shape`.
  let shape: UInt64
  private let call: ReplayLine
  private let leave: ReplayLine
  private let names: (call: [UInt8], leave: [UInt8])
  /// Whether the first one's text has been written already, with what stands within it.
  let isWritten: Bool
  private var count = 1
  private var time: UInt64
  private var hasSameCall = true
  private var hasSameLeave = true

  /// - Parameters:
  ///   - call: the line of its call.
  ///   - leave: the line of its end.
  ///   - names: what is shown for the two where values differ; the second may be empty.
  init(
    function: UInt32, shape: UInt64, call: ReplayLine, leave: ReplayLine,
    names: (call: [UInt8], leave: [UInt8]), time: UInt64, isWritten: Bool
  ) {
    (self.function, self.shape, self.call, self.leave) = (function, shape, call, leave)
    (self.names, self.isWritten) = (names, isWritten)
    self.time = isWritten ? 0 : time
  }

  /// Takes in one more.
  mutating func add(_ call: ReplayLine, _ leave: ReplayLine, time: UInt64) {
    count += 1
    self.time &+= time
    hasSameCall = hasSameCall && call.content == self.call.content
    hasSameLeave = hasSameLeave && leave.content == self.leave.content
  }

  /// What is still to be written of it.
  var text: [UInt8] {
    if count == 1 { return isWritten ? [] : call.bytes + leave.bytes }
    var line = LineBuffer(capacity: 256)
    let beginning = Array(call.beginning)
    line.append(beginning.span)
    if isWritten {
      line.append("× ")
      line.append(grouped: count - 1)
      line.append(" more")
    } else {
      let called = hasSameCall ? Array(call.content) : names.call
      line.append(called.span)
      let left = hasSameLeave ? Array(leave.content) : names.leave
      if !left.isEmpty {
        line.append("  ")
        line.append(left.span)
      }
      line.append("  ×")
      line.append(grouped: count)
    }
    line.append("  ")
    line.append(duration: time)
    line.append("\n")
    return line.withBytes { Array(copying: $0) }
  }
}

extension LineBuffer {
  /// Adds a whole number, of which each three digits are set apart: `1,204`.
  mutating func append(grouped number: Int) {
    let digits = Array(String(number).utf8)
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { append(",") }
      append(byte: digit)
    }
  }
}
