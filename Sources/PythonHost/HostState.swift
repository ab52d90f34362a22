import Synchronization

/// The state of the process's only interpreter, and the number of running calls.
enum HostState {
  private enum Phase {
    case notStarted
    case running
    case ended
  }

  private struct State {
    var phase = Phase.notStarted
    /// Number of calls, in all threads, that hold the GIL or wait for it.
    var callsInside = 0
  }

  private static let state = Mutex(State())

  /// Starts the interpreter by `body`, which runs at most once in a process.
  static func start(_ body: () throws -> Void) throws {
    try state.withLock { state in
      switch state.phase {
      case .running: throw alreadyRunning
      case .notStarted where Interpreter.isRunning: throw alreadyRunning
      case .ended:
        throw PythonHostError(
          .cannotRestart,
          "Python has ended in this process, which cannot start it again: CPython and the engine keep "
            + "parts of the first interpreter")
      case .notStarted: break
      }
      // After a failed start, CPython cannot be started again.
      state.phase = .ended
      try body()
      state.phase = .running
    }
  }

  /// Counts a call that begins. Throws if the interpreter is not running.
  static func enter() throws {
    try state.withLock { state in
      guard state.phase == .running else {
        throw PythonHostError(.notRunning, "Python has been shut down")
      }
      state.callsInside += 1
    }
  }

  /// Counts a call that ends.
  static func leave() { state.withLock { $0.callsInside -= 1 } }

  /// Whether the interpreter is running, so that calls can be made.
  static var isRunning: Bool { state.withLock { $0.phase == .running } }

  /// Rejects all calls from now on. Throws during a call, in another thread than the main one, and
  /// if the interpreter is not running.
  static func beginShutdown(isMainThread: Bool) throws {
    try state.withLock { state in
      guard state.phase == .running else {
        throw PythonHostError(.notRunning, "Python has been shut down already")
      }
      guard isMainThread else {
        throw PythonHostError(
          .wrongThread, "Python is shut down in the thread that started it, and this is another one"
        )
      }
      guard state.callsInside == 0 else {
        throw PythonHostError(.busy, "Python cannot be shut down while a call is running in it")
      }
      state.phase = .ended
    }
  }

  private static var alreadyRunning: PythonHostError {
    PythonHostError(.alreadyRunning, "a Python interpreter is running in this process already")
  }
}
