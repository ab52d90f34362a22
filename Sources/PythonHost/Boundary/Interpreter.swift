import CTraceHook
import SwiftTrace

/// The calls into `host.c`. All require the GIL, except those whose comment differs.
enum Interpreter {
  /// The file name of `host.py` in frames.
  static let helpersFile = "<swifttrace>"

  /// Version of the Python that this program is linked with, such as `3.13`.
  static var version: String {
    // SAFETY: a static NUL-terminated string.
    unsafe String(cString: CTraceHook_hostVersion())
  }

  /// Whether an interpreter is running in this process. Needs no GIL.
  static var isRunning: Bool { CTraceHook_hostIsRunning() }

  /// Whether the calling thread is the one that started the interpreter. Needs no GIL.
  static var isMainThread: Bool { CTraceHook_hostIsMainThread() }

  /// Starts the interpreter, and releases the GIL. The caller does not hold it.
  static func start(_ settings: InterpreterSettings) throws(PythonHostError) {
    let helpers = String(decoding: PackageResources.host_py, as: UTF8.self)
    // SAFETY: the strings live to the end of the call, which copies them; it writes at most 256
    // bytes to `message`, including the NUL.
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

  /// Takes the GIL, in any thread. Returns the token that releases it.
  static func takeGIL() -> Int32 { CTraceHook_hostEnter() }

  /// Takes the GIL, runs `body` and releases the GIL.
  static func withGIL<Result>(_ body: () throws -> Result) rethrows -> Result {
    let token = takeGIL()
    defer { CTraceHook_hostLeave(token) }
    return try body()
  }

  /// Ends the interpreter, and with it the GIL. Returns whether all output was written.
  static func stop(_ token: Int32) -> Bool { CTraceHook_hostStop() }

  /// Calls a function of `host.py`.
  ///
  /// - Parameters:
  ///   - exception: the first argument, if not nil.
  ///   - isSilent: whether strategies receive no events of the call.
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

  /// Runs a program or expression that a helper has prepared.
  ///
  /// - Throws: the program's `PythonException`.
  static func run(_ prepared: PythonObject) throws -> PythonObject {
    // SAFETY: the helpers named `prepare_…` return only the pairs that `CTraceHook_hostRun` takes.
    let result = unsafe prepared.withUnsafePointer { unsafe CTraceHook_hostRun($0) }
    guard let result = unsafe result else { throw PythonException.current }
    return unsafe PythonObject(owning: result)
  }

  /// Passes an exception to `sys.excepthook`.
  static func report(_ exception: PythonException) {
    // SAFETY: the exception is borrowed for the call, which takes a reference of its own.
    unsafe exception.pythonObject?.withUnsafePointer { unsafe CTraceHook_hostReport($0) }
  }
}

private func withOptionalCString<Result>(
  _ text: String?, _ body: (UnsafePointer<CChar>?) -> Result
) -> Result {
  guard let text else { return body(nil) }
  // SAFETY: `body` uses the string only during its call.
  return unsafe text.withCString { unsafe body($0) }
}
