import CTraceHook
import Glibc
import Synchronization
import TraceFormat

/// Sessions that have memory set aside.
private let reservingSessions = Atomic<Int>(0)

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
    messages.report("\(name) failed, tracing has ended: out of memory")
    for runner in plan.runners { try? runner.finish() }
    return .end
  }

  /// Sets memory aside for all sessions, which end if it is used. False if there is none.
  func reserveMemory() -> Bool {
    if reservingSessions.load(ordering: .relaxed) == 0 {
      HookRegistration.endSessionsOnUseOfReserve()
      guard MemoryReserve.prepare() else { return false }
    }
    reservingSessions.add(1, ordering: .relaxed)
    return true
  }

  /// The session is over.
  func forgetMemory() {
    reservingSessions.subtract(1, ordering: .relaxed)
    MemoryReserve.useLast()
  }

  /// Whether tracing goes on after something that may have used up the memory.
  func goesOn() -> Bool {
    guard MemoryReserve.isShort else { return true }
    _ = endForMemory()
    return false
  }
}
