import TraceFormat

extension UncaughtException {
  /// Maximum length of a message, in bytes.
  private static let longestMessage = 1 << 14

  /// Reads an exception, without running the program's code.
  ///
  /// - Parameters:
  ///   - exception: the exception object.
  ///   - frames: the frames that it left, outermost first.
  ///   - omitted: number of frames that are left out in the middle.
  package init(_ exception: PythonObject, frames: [Frame], omitted: UInt32) {
    let value = exception.value
    var name = LineBuffer(capacity: 64)
    name.append(typeName: value.type)
    var message = LineBuffer(capacity: 128)
    message.append(messageOf: value, verbatim: true)
    self.init(
      className: name.withBytes { Array(copying: $0, most: 1 << 10) },
      message: message.withBytes { Array(copying: $0, most: Self.longestMessage) },
      frames: frames, omitted: omitted)
  }
}

extension Session {
  /// Passes the end of the program to the strategies.
  package func programEnded(_ end: ProgramEnd) {
    for runner in plan.runners {
      do { try runner.programEnded(end) } catch {
        _ = fail(error, in: Unretained(runner))
      }
    }
  }
}
