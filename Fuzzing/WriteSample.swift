import Glibc

/// Writes the recordings that a fuzzer begins with to the folder that is its argument.
@main enum WriteSample {
  static func main() {
    let folder = CommandLine.arguments[1]
    for (name, keepsLast) in [("first", false), ("last", true)] {
      for isKilled in [false, true] {
        var builder = sampleRecording(keepsLast: keepsLast)
        let bytes = builder.finish(isKilled: isKilled)
        let path = "\(folder)/\(name)-\(isKilled ? "killed" : "ended").swt"
        // SAFETY: the array has as many bytes as are written.
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        let written = unsafe write(descriptor, bytes, bytes.count)
        guard written == bytes.count else { fatalError("cannot write \(path)") }
        close(descriptor)
      }
    }
  }
}
