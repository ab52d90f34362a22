import CTraceHook

extension EventSet {
  /// The events that the hook must be asked for.
  var requested: CTraceHook_Requested {
    var requested: CTraceHook_Requested = []
    if contains(.line) { requested.insert(.lines) }
    // A frame that is left by an exception says which.
    if !isDisjoint(with: [.exception, .return]) { requested.insert(.exceptions) }
    if contains(.opcode) { requested.insert(.opcodes) }
    if contains(.cCall) { requested.insert(.cCalls) }
    return requested
  }
}
