import CTraceHook

extension EventSet {
  /// The events that the hook must request from CPython.
  var requested: CTraceHook_Requested {
    var requested: CTraceHook_Requested = []
    if contains(.line) { requested.insert(.lines) }
    // The last exception event names the exception that leaves a frame.
    if !isDisjoint(with: [.exception, .return]) { requested.insert(.exceptions) }
    if contains(.opcode) { requested.insert(.opcodes) }
    if contains(.cCall) { requested.insert(.cCalls) }
    return requested
  }
}
