/// A Python exception as a Swift error.
public struct PythonException: Error, CustomStringConvertible {
  /// The exception object; nil if only its texts were kept.
  private var object: PythonObject?

  /// The exception's class: `ValueError`, or `package.module.Class` for a class that is not a
  /// builtin.
  public let typeName: String

  /// The text of its arguments, made without running the program's code.
  public let message: String

  /// Whether it is an `Exception`, not one that ends programs, such as KeyboardInterrupt and
  /// SystemExit.
  public let isOrdinary: Bool

  /// The text that the interpreter prints for the exception, with a final line feed; empty unless
  /// the exception ended a hosted program.
  public private(set) var traceback = ""

  /// Reads an exception.
  init(_ object: PythonObject) {
    self.object = object
    isOrdinary = object.isOrdinaryException
    var name = LineBuffer(capacity: 64)
    let value = object.value
    name.append(typeName: value.type)
    typeName = name.string
    var text = LineBuffer(capacity: 128)
    text.append(messageOf: value, verbatim: false)
    message = text.string
  }

  /// An exception that has only texts.
  private init(typeName: String, message: String) {
    self.typeName = typeName
    self.message = message
    isOrdinary = true
  }

  public var description: String { message.isEmpty ? typeName : "\(typeName): \(message)" }
}

extension PythonException {
  /// The exception that a call into the interpreter has just set.
  package static var current: PythonException {
    PythonObject.takeException().map { PythonException($0) }
      ?? PythonException(
        typeName: "SystemError", message: "the interpreter reported an error and set no exception")
  }

  /// Sets the exception in the interpreter; a RuntimeError if only its texts were kept.
  package func raise() {
    if let object { object.raise() } else { PythonObject.raiseRuntimeError(description) }
  }

  /// The exception object, to read with the GIL held; nil if only its texts were kept.
  package var pythonObject: PythonObject? { object }

  /// A copy with the texts alone. It can outlive the interpreter, and keeps no frame of the program
  /// alive.
  package func detached(traceback: String) -> PythonException {
    var copy = self
    copy.object = nil
    copy.traceback = traceback
    return copy
  }
}
