import CTraceHook
import TraceFormat

// The handlers of a session whose one strategy lists functions, or who called them. What the strategy has been
// told does not get to it again.

typealias EnterHandler =
  @convention(c) (
    UnsafeMutableRawPointer, FunctionPointer, UnsafePointer<CTraceHook_FunctionHead>?,
    UnsafeRawPointer
  ) -> CTraceHook_Outcome

/// A function that has not been listed. Once it is, its events are not asked for.
let enterFunction: EnterHandler = { engine, function, _, frame in
  unsafe function.pointee.is_traced = false
  return unsafe tellEntry(engine, FunctionRecord.of(function), frame)
}

let enterFromCaller: EnterHandler = { engine, function, caller, frame in
  guard let caller = unsafe caller else { return .proceed }
  let record = unsafe FunctionRecord.of(function)
  // SAFETY: every head is one of a record.
  let number = unsafe UnsafeRawPointer(caller).assumingMemoryBound(to: FunctionRecord.self)
    .pointee.number
  if unsafe record.pointee.lastCaller == number { return .proceed }
  unsafe record.pointee.lastCaller = number
  return unsafe tellEntry(engine, record, frame)
}

/// Decides whether the function is traced, and forgets who called it in an earlier session.
let decideEntered:
  @convention(c) (UnsafeMutableRawPointer, FunctionPointer, UnsafeRawPointer) -> Bool =
    { engine, function, frame in
      let record = unsafe FunctionRecord.of(function)
      unsafe record.pointee.lastCaller = 0
      return unsafe Unmanaged<Session>.fromOpaque(engine)._withUnsafeGuaranteedRef { session in
        MemoryReserve.ensure()
        _ = unsafe session.decide(record, Frame(frame))
        return session.goesOn()
      }
    }

@inline(never)
private func tellEntry(
  _ engine: UnsafeMutableRawPointer, _ record: UnsafeMutablePointer<FunctionRecord>,
  _ frame: UnsafeRawPointer
) -> CTraceHook_Outcome {
  unsafe Unmanaged<Session>.fromOpaque(engine)._withUnsafeGuaranteedRef { session in
    let runner = unsafe session.plan.calls[0]
    let event = unsafe CallEvent(
      kind: .call, function: Function(record), frame: Frame(frame), place: EventPlace())
    do {
      try unsafe runner._withUnsafeGuaranteedRef { try $0.call(event) }
    } catch { return unsafe session.fail(error, in: runner) }
    return .proceed
  }
}

extension Frame {
  /// Calls a Python function with the frame's code object, and that of the frame which called it or None.
  ///
  /// - Throws: the `PythonException` that it raised.
  package func tell(_ listener: PythonObject) throws {
    guard let object = unsafe object else { return }
    try unsafe listener.withUnsafePointer { function in
      if let failure = unsafe CTraceHook_tellFrame(function, object) {
        throw unsafe PythonException(owning: failure)
      }
    }
  }

  /// The number of the function that called this one, where that has had an event; nil where there is none.
  var callerNumber: UInt32? {
    guard let object = unsafe object, let back = unsafe CTraceHook_back(object),
      let function = unsafe CTraceHook_knownFunction(back)
    else { return nil }
    // SAFETY: what `define` gave is a record.
    return unsafe function.assumingMemoryBound(to: FunctionRecord.self).pointee.number
  }
}
