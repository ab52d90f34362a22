/// The end of a program, stored once by its recorder.
public struct ProgramEnd: Equatable, Sendable {
  /// Exit status; minus the number of a signal if the signal ended the program.
  public var status: Int32
  /// The exception that the program did not catch; `nil` if there was none.
  public var exception: UncaughtException?

  /// Creates the end of a program. Each argument is the property of that name.
  public init(status: Int32, exception: UncaughtException? = nil) {
    self.status = status
    self.exception = exception
  }
}

/// An exception that a program did not catch. Texts are UTF-8.
public struct UncaughtException: Equatable, Sendable {
  /// A frame that the exception left.
  public struct Frame: Equatable, Sendable {
    /// `co_filename`.
    public var file: [UInt8]
    /// Line of the call, or of the raise; 0 if it is not known.
    public var line: Int32
    /// `co_qualname`.
    public var function: [UInt8]

    /// Creates a frame. Each argument is the property of that name.
    public init(file: [UInt8], line: Int32, function: [UInt8]) {
      self.file = file
      self.line = line
      self.function = function
    }
  }

  /// Name of the class, with its module if that is not `builtins`.
  public var className: [UInt8]
  /// The message; `nil` if values are not kept.
  public var message: [UInt8]?
  /// The frames, outermost first; the middle of a long stack is left out.
  public var frames: [Frame]
  /// Number of frames that are left out after the first half of `frames`.
  public var omitted: UInt32

  /// Creates an exception. Each argument is the property of that name.
  public init(className: [UInt8], message: [UInt8]?, frames: [Frame], omitted: UInt32 = 0) {
    self.className = className
    self.message = message
    self.frames = frames
    self.omitted = omitted
  }
}

extension ProgramEnd {
  /// Maximum number of frames. A reader does not expect more.
  public static let mostFrames = 256

  func encode(to content: inout ByteWriter) {
    content.append(status)
    content.append(UInt32(exception == nil ? 0 : 1))
    guard let exception else { return }
    content.append(text: exception.className)
    content.append(UInt32(exception.message == nil ? 0 : 1))
    content.append(text: exception.message ?? [])
    content.append(exception.omitted)
    content.append(UInt32(exception.frames.count))
    for frame in exception.frames {
      content.append(text: frame.file)
      content.append(frame.line)
      content.append(text: frame.function)
    }
  }

  /// Returns `nil` if the content is invalid.
  init?(decoding reader: inout ByteReader) {
    guard let status = reader.number(Int32.self), let count = reader.number(UInt32.self),
      count <= 1
    else { return nil }
    self.init(status: status)
    guard count == 1 else { return }
    guard let className = reader.text(), let messages = reader.number(UInt32.self), messages <= 1,
      let message = reader.text(), let omitted = reader.number(UInt32.self),
      let frameCount = reader.number(UInt32.self), Int(frameCount) <= Self.mostFrames
    else { return nil }
    var frames: [UncaughtException.Frame] = []
    for _ in 0..<frameCount {
      guard let file = reader.text(), let line = reader.number(Int32.self),
        let function = reader.text()
      else { return nil }
      frames.append(UncaughtException.Frame(file: file, line: line, function: function))
    }
    exception = UncaughtException(
      className: className, message: messages == 1 ? message : nil, frames: frames,
      omitted: omitted)
  }
}
