import CTraceHook
import TraceFormat

// The handlers of a session whose only strategy lists functions, or their callers. An entry is
// passed to the strategy once.

extension Session {
  /// Passes an entry to the only strategy.
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
  /// Stores the function that called this one. Returns false if it also was the previous caller.
  @inline(__always)
  func isNewCaller(_ caller: Pinned<FunctionRecord>) -> Bool {
    let number = caller.value.number
    if value.lastCaller == number { return false }
    value.lastCaller = number
    return true
  }
}

extension Frame {
  /// Calls a Python function with the frame's code object, and with that of the frame's caller or
  /// None.
  ///
  /// - Throws: the `PythonException` that it raised.
  package func report(_ listener: PythonObject) throws {
    if let object { try listener.report(object) }
  }

  /// The number of the function that called this one; nil if that has had no event.
  var callerNumber: UInt32? { object?.back?.knownFunction?.value.number }
}
