import CTraceHook

/// A misuse of the module, as the Python exception that it becomes.
struct ModuleError: Error {
  let kind: CTraceHook_ErrorKind
  let message: String

  /// Becomes a RuntimeError: the call makes no sense at this time.
  static func state(_ message: String) -> ModuleError {
    ModuleError(kind: .runtime, message: message)
  }

  /// Becomes a TypeError.
  static func type(_ message: String) -> ModuleError { ModuleError(kind: .type, message: message) }

  /// Becomes a ValueError.
  static func value(_ message: String) -> ModuleError {
    ModuleError(kind: .value, message: message)
  }
}
