import Glibc
import SwiftTrace
import TraceFormat

/// Prints a message on standard error.
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

/// - Throws: `SystemError` if the file or folder does not exist or cannot be read.
func checkReadable(_ path: String) throws {
  // SAFETY: the path is NUL-terminated and lives to the end of the call.
  guard unsafe access(path, R_OK) == 0 else { throw SystemError(code: errno, subject: path) }
}
