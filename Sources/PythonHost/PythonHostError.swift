/// An error of the host itself, not of the Python program.
public struct PythonHostError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Kind of error.
  public enum Code: Sendable {
    /// An interpreter is running in this process already.
    case alreadyRunning
    /// An interpreter has ended in this process, or has failed to start; it cannot start again.
    case cannotRestart
    /// The configuration does not lead to a usable Python.
    case configuration
    /// The interpreter has ended.
    case notRunning
    /// Another call is still running Python code.
    case busy
    /// Only the thread that started the interpreter can do this.
    case wrongThread
    /// A trace is running already.
    case alreadyTracing
    /// Some of the program's output could not be written.
    case outputLost
  }

  /// Kind of error.
  public let code: Code
  /// Description of the error, in one line.
  public let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
