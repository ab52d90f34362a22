import CTraceHook
import TraceFormat

// The handlers of a session whose one strategy is a line counter that counts all frames. An event is an
// addition: no thread, no frame and no stack is looked at.

typealias CountHandler =
  @convention(c) (UnsafeMutableRawPointer, FunctionPointer, Int32) -> Void

let countLine: CountHandler = { engine, function, line in
  let record = unsafe FunctionRecord.of(function)
  let offset = unsafe line &- record.pointee.firstLine
  if unsafe UInt32(bitPattern: offset) < UInt32(bitPattern: record.pointee.counterCount) {
    // SAFETY: there are as many counters as that, since `decideCounted` or `countSlowly` named them.
    unsafe record.pointee.counters.unsafelyUnwrapped[Int(offset)] &+= 1
    return
  }
  unsafe countSlowly(engine, record, line)
}

/// Counts a line that has no counter yet.
@inline(never)
private func countSlowly(
  _ engine: UnsafeMutableRawPointer, _ record: UnsafeMutablePointer<FunctionRecord>, _ line: Int32
) {
  unsafe Unmanaged<Session>.fromOpaque(engine)._withUnsafeGuaranteedRef { session in
    guard let counts = unsafe session.lineCounts else { return }
    unsafe counts.pointee.countFirst(Int(record.pointee.number), line)
    unsafe counts.pointee.name(record)
  }
}

/// Decides whether the function is traced and counted. Its counters are those of the session that has
/// decided last, as the decision is.
let decideCounted:
  @convention(c) (UnsafeMutableRawPointer, FunctionPointer, UnsafeRawPointer) -> Bool =
    { engine, function, frame in
      let record = unsafe FunctionRecord.of(function)
      return unsafe Unmanaged<Session>.fromOpaque(engine)._withUnsafeGuaranteedRef { session in
        MemoryReserve.ensure()
        guard let counts = unsafe session.lineCounts,
          unsafe session.decide(record, Frame(frame))
        else { return session.goesOn() }
        let isCounted = unsafe counts.pointee.meet(Function(record), Frame(frame))
        unsafe record.pointee.head.is_traced = isCounted
        if isCounted { unsafe counts.pointee.name(record) }
        return session.goesOn()
      }
    }
