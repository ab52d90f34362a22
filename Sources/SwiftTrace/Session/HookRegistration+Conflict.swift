import CTraceHook

extension HookRegistration {
  /// A message about other tools' functions that the start has found; nil if there are none.
  var conflict: String? {
    let others = conflicts
    let hidden = "was set before; it gets no events until tracing ends"
    if others.contains([.hidden, .hiddenProfile]) {
      return "another trace function and another profile function were set before; "
        + "they get no events until tracing ends"
    }
    if others.contains(.monitoring) {
      return "other tools hold the IDs of sys.monitoring that swifttrace uses (3, 4, 5); "
        + "using sys.settrace's events"
    }
    if others.contains(.hidden) { return "another trace function \(hidden)" }
    if others.contains(.hiddenProfile) { return "another profile function \(hidden)" }
    return others.contains(.inOtherThread)
      ? "another trace function was set before in another thread; only this thread is traced" : nil
  }
}

extension Session.Source {
  /// The source that `automatic` selects on this version of Python: `monitoring` or `settrace`. A
  /// session that requests opcodes or C calls, or that covers one thread, gets `settrace` on every
  /// version.
  public static var automaticChoice: Session.Source {
    CTraceHook_autoSource() == .monitoring ? .monitoring : .settrace
  }

  var hook: CTraceHook_Source {
    switch self {
    case .automatic: .auto
    case .settrace: .settrace
    case .monitoring: .monitoring
    }
  }
}
