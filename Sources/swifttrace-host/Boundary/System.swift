import Glibc
import SwiftTrace
import TraceFormat

/// Ends the process as Ctrl-C ends it: the parent is to see the signal, and not a number.
func dieOfInterrupt() {
  signal(SIGINT, SIG_DFL)
  raise(SIGINT)
}

/// Says one line on standard error.
func printMessage(_ message: String) {
  let text = Array("swifttrace-host: \(message)".utf8)
  // Help and usage have several lines. Characters that a terminal could interpret are escaped.
  var line: [UInt8] = []
  for part in text.split(separator: 0x0A, omittingEmptySubsequences: false) {
    line += PrintableText.escaped(Array(part)) + [0x0A]
  }
  // SAFETY: the array lives to the end of the call.
  _ = unsafe write(2, line, line.count)
}

/// - Throws: `SystemError` when there is no such file or folder, or it cannot be read.
func checkReadable(_ path: String) throws {
  // SAFETY: a text that ends in NUL, for the length of the call.
  guard unsafe access(path, R_OK) == 0 else { throw SystemError(code: errno, subject: path) }
}
