import SwiftTrace

/// Consecutive calls of one function in which the same happened.
struct CallGroup {
  let function: UInt32
  /// Hash of the events in one of the calls: see `CondensedStack.Frame.shape`.
  let shape: UInt64
  private let call: ReplayLine
  private let leave: ReplayLine
  private let names: (call: [UInt8], leave: [UInt8])
  /// Whether the text of the first call, with all that is inside, has been written already.
  let isWritten: Bool
  private var count = 1
  private var time: UInt64
  private var hasSameCall = true
  private var hasSameLeave = true

  /// - Parameters:
  ///   - call: line of the first call.
  ///   - leave: line of its end.
  ///   - names: contents for these two lines if the values of the calls differ; the second may be
  ///     empty.
  ///   - time: duration of the first call in nanoseconds.
  init(
    function: UInt32, shape: UInt64, call: ReplayLine, leave: ReplayLine,
    names: (call: [UInt8], leave: [UInt8]), time: UInt64, isWritten: Bool
  ) {
    (self.function, self.shape, self.call, self.leave) = (function, shape, call, leave)
    (self.names, self.isWritten) = (names, isWritten)
    self.time = isWritten ? 0 : time
  }

  /// Adds a call.
  mutating func add(_ call: ReplayLine, _ leave: ReplayLine, time: UInt64) {
    count += 1
    self.time &+= time
    hasSameCall = hasSameCall && call.content == self.call.content
    hasSameLeave = hasSameLeave && leave.content == self.leave.content
  }

  /// The text that has not been written yet.
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
  /// Appends an integer with its digits in groups of three: `1,204`.
  mutating func append(grouped number: Int) {
    let digits = Array(String(number).utf8)
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { append(",") }
      append(byte: digit)
    }
  }
}
