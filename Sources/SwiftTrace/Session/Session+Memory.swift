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
    endedForMemory = true
    let name = plan.runners.first?.name ?? "tracing"
    messages.tell("\(name) failed, tracing has ended: out of memory")
    for runner in plan.runners { try? runner.finish() }
    return .end
  }

  /// Sessions that have memory set aside. Used with the GIL held.
  nonisolated(unsafe) private static var reserving = 0

  /// Sets memory aside for all sessions, which end if it is used. False if there is none.
  func reserveMemory() -> Bool {
    if unsafe Self.reserving == 0 {
      unsafe MemoryReserve.onUse = { CTraceHook_endAllSoon() }
      guard MemoryReserve.prepare() else { return false }
    }
    unsafe Self.reserving += 1
    return true
  }

  /// The session is over.
  func forgetMemory() {
    unsafe Self.reserving -= 1
    MemoryReserve.useLast()
  }

  /// Whether tracing goes on after something that may have used up the memory.
  func goesOn() -> Bool {
    guard MemoryReserve.isShort else { return true }
    _ = endForMemory()
    return false
  }
}
