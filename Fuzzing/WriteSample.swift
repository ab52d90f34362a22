import Glibc

/// Writes the initial corpus of the fuzzer to the folder given as argument.
@main enum WriteSample {
  static func main() {
    let folder = CommandLine.arguments[1]
    for (name, keepsLast) in [("first", false), ("last", true)] {
      for isKilled in [false, true] {
        var builder = sampleRecording(keepsLast: keepsLast)
        let bytes = builder.finish(isKilled: isKilled)
        let path = "\(folder)/\(name)-\(isKilled ? "killed" : "ended").swt"
        // SAFETY: `write` reads `bytes.count` bytes, all of the array's.
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        let written = unsafe write(descriptor, bytes, bytes.count)
        guard written == bytes.count else { fatalError("cannot write \(path)") }
        close(descriptor)
      }
    }
  }
}
