/// Why the host cannot do what it is asked.
public struct PythonHostError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of mistake it is.
  public enum Code: Sendable {
    /// An interpreter is running in this process already.
    case alreadyRunning
    /// An interpreter has ended in this process, or has failed to start; there is no second one.
    case cannotRestart
    /// The configuration leads to no Python that can be used.
    case configuration
    /// The interpreter has ended.
    case notRunning
    /// Another call is still running Python code.
    case busy
    /// Only the thread that started the interpreter can do this.
    case wrongThread
    /// A trace is running already.
    case alreadyTracing
    /// Something that the program printed could not be written.
    case outputLost
  }

  /// What kind of mistake it is.
  public let code: Code
  /// One line for people.
  public let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
