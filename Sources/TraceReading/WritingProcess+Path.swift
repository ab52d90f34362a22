import TraceFormat

extension WritingProcess {
  /// Returns the number of the process that is writing the recording at a path; `nil` if there is
  /// none, or the file is not a recording.
  ///
  /// - Throws: `ReadingError` if the file cannot be read.
  public static func of(path: [UInt8]) throws(ReadingError) -> UInt32? {
    let file: FileBytes
    do { file = try FileBytes(path: path) } catch {
      if error.code != 0 { throw error }
      return nil  // It is a device or a pipe.
    }
    // The file closes its descriptor at its last use.
    return withExtendedLifetime(file) { of(file.descriptor) }
  }
}
