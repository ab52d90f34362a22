import CTraceHook

/// A misuse of the module, raised as a Python exception of this kind.
struct ModuleError: Error {
  let kind: CTraceHook_ErrorKind
  let message: String

  /// A RuntimeError: the call is invalid in the current state.
  static func state(_ message: String) -> ModuleError {
    ModuleError(kind: .runtime, message: message)
  }

  /// A TypeError.
  static func type(_ message: String) -> ModuleError { ModuleError(kind: .type, message: message) }

  /// A ValueError.
  static func value(_ message: String) -> ModuleError {
    ModuleError(kind: .value, message: message)
  }
}
