import Glibc

/// What has to be looked up before there is an interpreter.
enum FileSystem {
  /// Whether there is such a file, and it can be read.
  static func isReadable(_ path: String) -> Bool {
    // SAFETY: a text that ends in NUL, for the length of the call.
    unsafe access(path, R_OK) == 0
  }

  /// The path from the root, symbolic links left in.
  static func absolute(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    // SAFETY: `getcwd` allocates a text that ends in NUL, or gives NULL.
    guard let folder = unsafe getcwd(nil, 0) else { return path }
    defer { unsafe free(folder) }
    return unsafe "\(String(cString: folder))/\(path)"
  }

  /// The text of a small file, or nil where it cannot be read.
  static func text(of path: String) -> String? {
    // SAFETY: as above.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    // SAFETY: `read` writes at most `count` bytes, and says how many.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
      unsafe count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
