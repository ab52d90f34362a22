import CTraceHook
import Glibc
import TraceFormat

extension Session {
  /// Ends tracing because memory has run out. All that strategies hold is written at once, while
  /// there is a reserve; nothing is left to do at the end of the program.
  @inline(never)
  func endForMemory() -> CTraceHook_Outcome {
    guard failure == nil else { return .end }
    let error = SystemError(code: ENOMEM, subject: "")
    failure = error
    let name = plan.runners.first?.name ?? "tracing"
    messages.tell("\(name) failed, tracing has ended: out of memory")
    for runner in plan.runners { try? runner.finish() }
    return .end
  }

  /// The session that is to end if memory runs out. Used with the GIL held.
  nonisolated(unsafe) private static var running: Unmanaged<Session>?

  /// Sets memory aside, and has the session end if it is used. False if there is none.
  func reserveMemory() -> Bool {
    unsafe Self.running = .passUnretained(self)
    unsafe MemoryReserve.onUse = {
      unsafe Session.running?._withUnsafeGuaranteedRef { $0.hook?.endSoon() }
    }
    return MemoryReserve.prepare()
  }

  /// The session is over.
  func forgetMemory() {
    unsafe Self.running = nil
    MemoryReserve.useLast()
  }

  /// Whether tracing goes on after something that may have used up the memory.
  func goesOn() -> Bool {
    guard MemoryReserve.isShort else { return true }
    _ = endForMemory()
    return false
  }
}
