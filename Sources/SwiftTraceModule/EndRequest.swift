import SwiftTrace
import TraceFormat

/// The argument of `_swifttrace.program_ended`, a `ProgramEnd` of `_swifttrace.pyi`, as a Swift
/// value.
struct EndRequest {
  let end: ProgramEnd

  init(_ arguments: borrowing Value) throws {
    try arguments.check(count: 1, "program_ended() takes a dict")
    var request = try Arguments(arguments.element(0), of: "program_ended()")
    let status = Int32(clamping: try request.int("status") ?? 0)
    let error = try request.object("exception")
    let omitted = UInt32(clamping: try request.natural("omitted") ?? 0)
    let frames = try request.list("frames").prefix(ProgramEnd.mostFrames).map { frame in
      var frame = frame
      let result = UncaughtException.Frame(
        file: Array(try frame.string("file").utf8),
        line: Int32(clamping: try frame.int("line") ?? 0),
        function: Array(try frame.string("function").utf8))
      try frame.finish()
      return result
    }
    try request.finish()
    let isException = error.look { $0.kind != .none }
    end = ProgramEnd(
      status: status,
      exception: isException
        ? UncaughtException(error, frames: Array(frames), omitted: omitted) : nil)
  }
}
