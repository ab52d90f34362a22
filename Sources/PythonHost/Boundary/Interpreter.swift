import CTraceHook
import SwiftTrace

/// The calls into `host.c`, each with the GIL held unless it says otherwise.
enum Interpreter {
  /// The name under which `host.py` stands in frames.
  static let helpersFile = "<swifttrace>"

  /// `3.13`: the version that this program is linked with.
  static var version: String {
    // SAFETY: a text of the program's own, which ends in NUL.
    unsafe String(cString: CTraceHook_hostVersion())
  }

  /// Whether an interpreter is running in this process. Needs no GIL.
  static var isRunning: Bool { CTraceHook_hostIsRunning() }

  /// Whether the calling thread is the one that started the interpreter. Needs no GIL.
  static var isMainThread: Bool { CTraceHook_hostIsMainThread() }

  /// Starts the interpreter, and lets go of the GIL.
  static func start(_ settings: InterpreterSettings) throws(PythonHostError) {
    let helpers = String(decoding: PackageResources.host_py, as: UTF8.self)
    // SAFETY: the texts live to the end of the call, which copies them; it writes at most 256 bytes
    // to `message` and ends them by NUL.
    let failure: String? = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) {
      message in
      guard let message = message.baseAddress else { return "" }
      let isStarted = unsafe withOptionalCString(settings.home) { home in
        unsafe withOptionalCString(settings.executable) { executable in
          var settings = unsafe CTraceHook_HostSettings(
            home: home, executable: executable, is_isolated: settings.isIsolated,
            handles_signals: settings.handlesSignals)
          return unsafe CTraceHook_hostStart(&settings, helpers, message, 256)
        }
      }
      return isStarted ? nil : unsafe String(cString: message)
    }
    if let failure { throw PythonHostError(.configuration, "Python did not start: \(failure)") }
  }

  /// Takes the GIL, in any thread.
  static func takeGIL() -> Int32 { CTraceHook_hostEnter() }

  /// Runs `body` with the GIL held.
  static func withGIL<Result>(_ body: () throws -> Result) rethrows -> Result {
    let token = takeGIL()
    defer { CTraceHook_hostLeave(token) }
    return try body()
  }

  /// Ends the interpreter, and the GIL with it. Returns whether all output was written.
  static func stop(_ token: Int32) -> Bool { CTraceHook_hostStop() }

  /// Calls a function of `host.py`.
  ///
  /// - Parameters:
  ///   - exception: its first argument, if there is one.
  ///   - isSilent: whether what it runs is kept from strategies.
  /// - Throws: `PythonException`.
  static func call(
    _ helper: String, _ texts: [String] = [], about exception: PythonObject? = nil,
    isSilent: Bool = true
  ) throws -> PythonObject {
    let bytes = texts.flatMap { Array($0.utf8) }
    let counts = texts.map { $0.utf8.count }
    // SAFETY: the arrays live to the end of the call; `counts` sums up to the number of bytes.
    let result = unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe counts.withUnsafeBufferPointer { counts in
        let texts = unsafe CTraceHook_HostTexts(
          bytes: bytes.baseAddress, counts: counts.baseAddress, count: counts.count)
        guard let exception else { return unsafe CTraceHook_hostCall(helper, nil, texts, isSilent) }
        return unsafe exception.withUnsafePointer { exception in
          unsafe CTraceHook_hostCall(helper, exception, texts, isSilent)
        }
      }
    }
    guard let result = unsafe result else { throw PythonException.current }
    return unsafe PythonObject(owning: result)
  }

  /// Runs what a helper has made ready.
  ///
  /// - Throws: the program's `PythonException`.
  static func run(_ prepared: PythonObject) throws -> PythonObject {
    // SAFETY: the helpers named `prepare_…` return nothing but such pairs.
    let result = unsafe prepared.withUnsafePointer { unsafe CTraceHook_hostRun($0) }
    guard let result = unsafe result else { throw PythonException.current }
    return unsafe PythonObject(owning: result)
  }

  /// Has `sys.excepthook` tell of an exception.
  static func report(_ exception: PythonException) {
    // SAFETY: the exception is borrowed for the call, which makes an owner of its own.
    unsafe exception.pythonObject?.withUnsafePointer { unsafe CTraceHook_hostReport($0) }
  }
}

private func withOptionalCString<Result>(
  _ text: String?, _ body: (UnsafePointer<CChar>?) -> Result
) -> Result {
  guard let text else { return body(nil) }
  // SAFETY: `body` uses the text within its call only.
  return unsafe text.withCString { unsafe body($0) }
}
