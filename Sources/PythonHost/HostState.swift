import Synchronization

/// Whether the process's one interpreter is running, and how many calls are in it.
enum HostState {
  private enum Phase {
    case notStarted
    case running
    case ended
  }

  private struct State {
    var phase = Phase.notStarted
    /// Calls that hold the GIL or wait for it, over all threads.
    var callsInside = 0
  }

  private static let state = Mutex(State())

  /// Starts the interpreter by `body`, once in a process.
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
      // A start that fails half-way leaves CPython in no state to start from.
      state.phase = .ended
      try body()
      state.phase = .running
    }
  }

  /// A call goes in.
  static func enter() throws {
    try state.withLock { state in
      guard state.phase == .running else {
        throw PythonHostError(.notRunning, "Python has been shut down")
      }
      state.callsInside += 1
    }
  }

  /// A call comes out.
  static func leave() { state.withLock { $0.callsInside -= 1 } }

  /// Whether calls can be made.
  static var isRunning: Bool { state.withLock { $0.phase == .running } }

  /// From here on no call goes in.
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
