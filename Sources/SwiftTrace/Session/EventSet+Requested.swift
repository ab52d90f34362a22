import CTraceHook

extension EventSet {
  /// The kinds of events that the hook must request from CPython.
  var requested: CTraceHook_KindSet {
    // The last exception event names the exception that leaves a frame.
    CTraceHook_KindSet((isDisjoint(with: .return) ? self : union(.exception)).rawValue)
  }
}
