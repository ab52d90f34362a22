import CTraceHook
import TraceFormat

// A session whose one strategy lists functions, or their callers. An entry that the strategy has
// received does not get to it again.

extension Session {
  /// Passes an entry to the one strategy.
  @inline(never)
  func enter(_ record: Pinned<FunctionRecord>, _ frame: ObjectAddress) -> CTraceHook_Outcome {
    let runner = plan.calls[0]
    let event = CallEvent(
      kind: .call, function: Function(record), frame: Frame(frame), place: EventPlace())
    do { try runner.with { try $0.call(event) } } catch { return fail(error, in: runner) }
    return .proceed
  }
}

extension Pinned<FunctionRecord> {
  /// Remembers the function that this one is called from. Returns false if it was the last one.
  @inline(__always)
  func isNewCaller(_ caller: Pinned<FunctionRecord>) -> Bool {
    let number = caller.value.number
    if value.lastCaller == number { return false }
    value.lastCaller = number
    return true
  }
}

extension Frame {
  /// Calls a Python function with the frame's code object, and that of the frame which called it or
  /// None.
  ///
  /// - Throws: the `PythonException` that it raised.
  package func report(_ listener: PythonObject) throws {
    if let object { try listener.report(object) }
  }

  /// The number of the function that called this one, if that has had an event.
  var callerNumber: UInt32? { object?.back?.knownFunction?.value.number }
}
