import CTraceHook
import Glibc
import Synchronization
import TraceFormat

/// Number of sessions that use the memory reserve.
private let reservingSessions = Atomic<Int>(0)

extension Session {
  /// Ends tracing because memory has run out. The strategies write all their data now, from the
  /// reserve, so nothing is left to do at the end of the program.
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

  /// Sets memory aside for all sessions, which end when it is used. Returns false if there is none.
  func reserveMemory() -> Bool {
    if reservingSessions.load(ordering: .relaxed) == 0 {
      HookRegistration.endSessionsOnUseOfReserve()
      guard MemoryReserve.prepare() else { return false }
    }
    reservingSessions.add(1, ordering: .relaxed)
    return true
  }

  /// Ends this session's use of the reserve.
  func forgetMemory() {
    reservingSessions.subtract(1, ordering: .relaxed)
    MemoryReserve.useLast()
  }

  /// Whether tracing can continue after code that may have exhausted the memory. Ends it if not.
  func goesOn() -> Bool {
    guard MemoryReserve.isShort else { return true }
    _ = endForMemory()
    return false
  }
}
